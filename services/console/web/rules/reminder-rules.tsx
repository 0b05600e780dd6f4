import { callUnaryMethod, createConnectQueryKey, useQuery, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import {
  RegleRelanceService,
  type RegleRelance,
  type ReglesEnVigueur,
} from '../../gen/proto/relance/relance_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AskAndSave } from './ask-and-save.tsx';
import { Changes, type Change } from './changes.tsx';
import { Overtaken } from './overtaken.tsx';
import { LevelFields, type Draft } from './level-fields.tsx';
import { Migration, REMINDERS } from './migration.tsx';
import { levelSentence } from './rule-sentence.ts';
import { TemplatePreviews } from './template-previews.tsx';
import { useEdited } from './use-edited.ts';

const MOST_CHANGES = 20;

/** The rules for reminders of an organisation. */
export function ReminderRules({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const { data, error, refetch } = useQuery(RegleRelanceService.method.getEnVigueur, { organisationId });
  const history = useQuery(RegleRelanceService.method.listChangements, {
    organisationId,
    pageSize: MOST_CHANGES,
  });
  // what runs is moved after a saving: by the reason of it
  const [motif, setMotif] = useState<string>();
  const sentence = (rule: RegleRelance) => levelSentence(rule, m.regles.phrases);
  const changes = history.data?.changements.map(({ id, auteur, motif: why, createdAt, avant, apres }) => ({
    ...{ id, auteur, motif: why, at: createdAt, avant: avant.map(sentence), apres: apres.map(sentence) },
  }));
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data) return <Waiting lines={6} />;
  return (
    <>
      {motif !== undefined && (
        <Migration {...{ organisationId, moving: REMINDERS, motif }} close={() => setMotif(undefined)} />
      )}
      <Edited inForce={data} saved={setMotif} last={changes?.[0]} />
      <TemplatePreviews organisationId={organisationId} />
      <Changes error={history.error} retry={history.refetch} changes={changes} />
    </>
  );
}

const draftsOf = ({ niveaux }: ReglesEnVigueur): Draft[] =>
  niveaux.map(({ niveau, base, delai, modele, canal, ouverture, fermeture, ...rule }) => ({
    ...{ key: String(niveau), niveau, base, delai, modele, canal, ouverture, fermeture },
    ...{ tousLesJours: rule.tousLesJours, espacement: rule.espacement },
    ...{ malgrePrelevement: rule.malgrePrelevement, montantMinimum: rule.montantMinimum },
  }));

const NEW_LEVEL: Omit<Draft, 'key' | 'niveau'> = {
  ...{ base: 1, delai: 'P30D', modele: 'relance', canal: 1, ouverture: '09:00', fermeture: '19:00' },
  ...{ tousLesJours: false, espacement: 'PT24H', malgrePrelevement: false, montantMinimum: 0 },
};

const MAIL = 1;

/** What the request has of a level. */
const asked = ({ key: _, ...draft }: Draft) => ({
  ...draft,
  modele: draft.canal === MAIL ? draft.modele : '',
});

type Props = {
  inForce: ReglesEnVigueur;
  /** The last change of them. */
  last: Change | undefined;
  saved: (motif: string) => void;
};

function Edited({ inForce, last, saved }: Props) {
  const { organisationId, origine } = inForce;
  const m = useMessages();
  const words = m.regles;
  const transport = useTransport();
  const queries = useQueryClient();
  const edited = useEdited(inForce, draftsOf);
  const { base, draft: drafts, setDraft: setDrafts, edition, isChanged, isOvertaken } = edited;
  // a level that is open stays open: nothing that somebody writes is out of sight
  const [open, setOpen] = useState<string[]>([]);
  const niveaux = drafts.map(asked);
  const change = (key: string, changes: Partial<Draft>) =>
    setDrafts((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  const begin = (rules: ReglesEnVigueur) => {
    setOpen([]);
    edited.start(rules);
  };
  const add = () => {
    const niveau = Math.max(0, ...drafts.map((one) => one.niveau)) + 1;
    const key = `${niveau}+`;
    setDrafts((all) => [...all, { ...NEW_LEVEL, key, niveau }]);
    setOpen((keys) => [...keys, key]);
  };
  return (
    <AskAndSave
      {...{ organisationId, isChanged, version: JSON.stringify(niveaux) }}
      rules={{ niveaux }}
      undo={() => begin(inForce)}
      save={(motif, once) => {
        const request = { organisationId, niveaux, motif, versionAttendue: base.version };
        return callUnaryMethod(transport, RegleRelanceService.method.enregistrer, request, once(request));
      }}
      saved={(motif, rules) => {
        begin(rules);
        saved(motif);
      }}
      readAgain={() =>
        queries.invalidateQueries({
          queryKey: createConnectQueryKey({ schema: RegleRelanceService, cardinality: undefined }),
        })
      }
    >
      {isOvertaken && <Overtaken last={last} keep={edited.keep} undo={() => begin(inForce)} />}
      <p className="quiet">{words.origines(origine, organisationId)}</p>
      <ol className="rule-list" aria-label={words.niveaux} key={edition}>
        {drafts.map((draft, index) => (
          <li key={draft.key} className="panel rule">
            <div className="rule-head">
              <span className="dot" aria-hidden="true">
                {draft.niveau}
              </span>
              <p className="what" id={`rule-${draft.key}`}>
                {levelSentence(draft, words.phrases)}
              </p>
              <div className="rule-buttons">
                {!open.includes(draft.key) && (
                  <Button
                    className="button"
                    aria-label={words.modifierNiveau(draft.niveau)}
                    onPress={() => setOpen((keys) => [...keys, draft.key])}
                  >
                    {words.modifier}
                  </Button>
                )}
                <Button
                  className="button plain"
                  aria-label={words.supprimerNiveau(draft.niveau)}
                  isDisabled={drafts.length === 1}
                  onPress={() => setDrafts((all) => all.filter(({ key }) => key !== draft.key))}
                >
                  <Icon name="close" />
                </Button>
              </div>
            </div>
            {open.includes(draft.key) && (
              <LevelFields draft={draft} index={index} change={(changes) => change(draft.key, changes)} />
            )}
          </li>
        ))}
      </ol>
      <Button className="button plain" onPress={add}>
        {words.ajouter}
      </Button>
    </AskAndSave>
  );
}
