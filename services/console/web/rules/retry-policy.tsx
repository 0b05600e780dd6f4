import { callUnaryMethod, createConnectQueryKey, useQuery, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RetryAdminService, type PolicyInForce, type RetryPolicy } from '../../gen/proto/retry/retry_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/fields.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AskAndSave } from './ask-and-save.tsx';
import { Changes, type Change } from './changes.tsx';
import { Overtaken } from './overtaken.tsx';
import { readHour } from './delay.ts';
import { Migration, RETRIES } from './migration.tsx';
import { useEdited } from './use-edited.ts';
import { policySentence, type SentencedPolicy } from './rule-sentence.ts';

const MOST_CHANGES = 20;

/** When rejected debits of an organisation are presented again. */
export function RetryPolicyRules({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const { data, error, refetch } = useQuery(RetryAdminService.method.getPolicyInForce, { organisationId });
  const history = useQuery(RetryAdminService.method.listPolicyChanges, {
    organisationId,
    pageSize: MOST_CHANGES,
  });
  const [motif, setMotif] = useState<string>();
  const sentences = (policy: RetryPolicy | undefined) =>
    policy ? [policySentence(policyOf(policy), m.regles.phrases)] : [];
  const changes = history.data?.changes.map(({ id, auteur, motif: why, createdAt, avant, apres }) => ({
    ...{ id, auteur, motif: why, at: createdAt, avant: sentences(avant), apres: sentences(apres) },
  }));
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data) return <Waiting lines={6} />;
  return (
    <>
      {motif !== undefined && (
        <Migration {...{ organisationId, moving: RETRIES, motif }} close={() => setMotif(undefined)} />
      )}
      <Edited inForce={data} saved={setMotif} last={changes?.[0]} />
      <Changes error={history.error} retry={history.refetch} changes={changes} />
    </>
  );
}

function policyOf({ politique }: RetryPolicy): SentencedPolicy {
  const { delaisJours = [], maxTentatives = 0, maxJoursTotal = 0, heureLimite = '' } = politique ?? {};
  const codesSupplementaires = politique?.codesSupplementaires ?? [];
  return { delaisJours, maxTentatives, maxJoursTotal, heureLimite, codesSupplementaires };
}

const MOST_DAYS = 365;
const MOST_ATTEMPTS = 20;

/** The days of "5, 10, 20"; undefined: they are none, or do not ascend. */
function readDays(written: string): number[] | undefined {
  const days = written
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((one) => Number(one.replace(/^[jd]\+/i, '')));
  const isRight = days.every(
    (day, index) =>
      Number.isInteger(day) && day >= 1 && day <= MOST_DAYS && (index === 0 || day > days[index - 1]!),
  );
  return isRight && days.length > 0 && days.length <= MOST_ATTEMPTS ? days : undefined;
}

function readCount(written: string, most: number): number | undefined {
  const count = Number(written.trim());
  return written.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= most ? count : undefined;
}

const readCodes = (written: string): string[] =>
  written
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean);

type Props = {
  inForce: PolicyInForce;
  /** The last change of it. */
  last: Change | undefined;
  saved: (motif: string) => void;
};

const draftOf = ({ policy }: PolicyInForce): SentencedPolicy => policyOf(policy!);

function Edited({ inForce, last, saved }: Props) {
  const { organisationId, origine } = inForce;
  const m = useMessages();
  const words = m.regles;
  const transport = useTransport();
  const queries = useQueryClient();
  const edited = useEdited(inForce, draftOf);
  const { base, draft, setDraft, edition, isChanged, isOvertaken, undo } = edited;
  const before = draftOf(base);
  const change = (changes: Partial<SentencedPolicy>) => setDraft((one) => ({ ...one, ...changes }));
  return (
    <AskAndSave
      {...{ organisationId, isChanged, undo, version: JSON.stringify(draft) }}
      first="prelevements"
      rules={{ reessais: draft }}
      readAgain={() =>
        queries.invalidateQueries({
          queryKey: createConnectQueryKey({ schema: RetryAdminService, cardinality: undefined }),
        })
      }
      save={(motif, once) => {
        const request = { organisationId, politique: draft, motif, versionAttendue: base.version };
        return callUnaryMethod(transport, RetryAdminService.method.savePolicy, request, once(request));
      }}
      saved={(motif, policy) => {
        edited.start(policy);
        saved(motif);
      }}
    >
      {isOvertaken && <Overtaken last={last} keep={edited.keep} undo={undo} />}
      <p className="quiet">{words.origines(origine, organisationId)}</p>
      <div className="panel rule" key={edition}>
        <p className="what">{policySentence(draft, words.phrases)}</p>
        <div className="level-fields">
          <TextField
            name="delaisJours"
            label={words.champs.delaisJours}
            help={words.champs.delaisJoursAide}
            first={before.delaisJours.join(', ')}
            isRequired
            faultOf={(written) => {
              const days = readDays(written);
              if (!days) return words.champs.delaisJoursInvalides;
              return days.at(-1)! > draft.maxJoursTotal
                ? words.champs.delaisTropTard(draft.maxJoursTotal)
                : null;
            }}
            change={(written) => change({ delaisJours: readDays(written) ?? [] })}
          />
          <TextField
            name="maxTentatives"
            label={words.champs.maxTentatives}
            first={String(before.maxTentatives)}
            isRequired
            faultOf={(written) =>
              readCount(written, MOST_ATTEMPTS) ? null : words.champs.nombreInvalide(MOST_ATTEMPTS)
            }
            change={(written) => change({ maxTentatives: readCount(written, MOST_ATTEMPTS) ?? 0 })}
          />
          <TextField
            name="maxJoursTotal"
            label={words.champs.maxJoursTotal}
            first={String(before.maxJoursTotal)}
            isRequired
            faultOf={(written) =>
              readCount(written, MOST_DAYS) ? null : words.champs.nombreInvalide(MOST_DAYS)
            }
            change={(written) => change({ maxJoursTotal: readCount(written, MOST_DAYS) ?? 0 })}
          />
          <TextField
            name="heureLimite"
            label={words.champs.heureLimite}
            first={before.heureLimite}
            isRequired
            faultOf={(written) => (readHour(written) ? null : words.champs.heureInvalide)}
            change={(written) => change({ heureLimite: readHour(written) ?? written })}
          />
          <TextField
            name="codesSupplementaires"
            label={words.champs.codes}
            help={words.champs.codesAide}
            first={before.codesSupplementaires.join(', ')}
            faultOf={(written) =>
              readCodes(written).every((code) => /^[A-Z0-9]{4}$/.test(code))
                ? null
                : words.champs.codesInvalides
            }
            change={(written) => change({ codesSupplementaires: readCodes(written) })}
          />
        </div>
      </div>
    </AskAndSave>
  );
}
