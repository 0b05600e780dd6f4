import { callUnaryMethod, createConnectQueryKey, useQuery, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RegleSuiviService, type RegleSuivi } from '../../gen/proto/relance/relance_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { ReasonField, TextField } from '../ui/fields.tsx';
import { RpcForm } from '../ui/rpc-form.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Changes } from './changes.tsx';
import { readDelay, writtenDelay } from './delay.ts';
import { followUpSentence } from './rule-sentence.ts';

const MOST_CHANGES = 20;

/** The rule for the first follow-ups of new clients. Planned ones keep the rule that they started with. */
export function FollowUpRule({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const words = m.regles;
  const transport = useTransport();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(RegleSuiviService.method.getEnVigueur, { organisationId });
  const history = useQuery(RegleSuiviService.method.listChangements, {
    organisationId,
    pageSize: MOST_CHANGES,
  });
  const [written, setWritten] = useState<{ version: number; delai?: string; delaiRappel?: string }>();
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data) return <Waiting lines={4} />;
  const { version, origine } = data;
  const regle = data.regle!;
  const now = {
    delai: regle.delai,
    delaiRappel: regle.delaiRappel,
    ...(written?.version === version ? written : {}),
  };
  const sentences = (rule: RegleSuivi | undefined) => (rule ? [followUpSentence(rule, words.phrases)] : []);
  const field = (name: 'delai' | 'delaiRappel') => (
    <TextField
      name={name}
      label={name === 'delai' ? words.champs.delaiSuivi : words.champs.delaiRappel}
      help={words.champs.delaiAide}
      first={writtenDelay(regle[name])}
      isRequired
      faultOf={(text) => (readDelay(text) ? null : words.champs.delaiInvalide)}
      change={(text) => setWritten({ ...now, version, [name]: readDelay(text) ?? text })}
    />
  );
  return (
    <>
      <p className="quiet">{words.origines(origine, organisationId)}</p>
      <section className="panel rule" aria-label={words.vues.suivis}>
        <p className="what">{followUpSentence(now, words.phrases)}</p>
        <p className="quiet">{words.suivisAide}</p>
        <RpcForm
          key={version}
          button={words.enregistrer}
          done={words.enregistrees}
          send={(values, once) => {
            const request = {
              ...{ organisationId, motif: values.line('motif'), versionAttendue: version },
              delai: readDelay(values.text('delai'))!,
              delaiRappel: readDelay(values.text('delaiRappel'))!,
            };
            return callUnaryMethod(transport, RegleSuiviService.method.enregistrer, request, once(request));
          }}
          readAgain={() =>
            queries.invalidateQueries({
              queryKey: createConnectQueryKey({ schema: RegleSuiviService, cardinality: undefined }),
            })
          }
        >
          <div className="level-fields">
            {field('delai')}
            {field('delaiRappel')}
          </div>
          <ReasonField />
        </RpcForm>
      </section>
      <Changes
        error={history.error}
        retry={history.refetch}
        changes={history.data?.changements.map(({ id, auteur, motif, createdAt, avant, apres }) => ({
          ...{ id, auteur, motif, at: createdAt, avant: sentences(avant), apres: sentences(apres) },
        }))}
      />
    </>
  );
}
