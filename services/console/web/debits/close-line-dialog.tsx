import { timestampDate } from '@bufbuild/protobuf/wkt';
import { callUnaryMethod, useQuery, useTransport } from '@connectrpc/connect-query';
import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import {
  EtatRapporte,
  PaymentService,
  type Candidat,
  type TransactionInconnue,
} from '../../gen/proto/payments/payments_pb.ts';
import { amount, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { Choice } from '../ui/choice.tsx';
import { Failure } from '../ui/failure.tsx';
import { Fault } from '../ui/fault.tsx';
import { CheckField, ReasonField, TextField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Reason } from './cells.tsx';
import { motifInWords } from './motif-in-words.ts';
import { useNames } from './names.ts';
import { useReadAgain } from './use-read-again.ts';
import { lineAmount, whatOf } from './unknown-lines.tsx';

/** What a person can say that happened. */
const FACTS = [
  EtatRapporte.TRANSACTION_ENCAISSEE,
  EtatRapporte.TRANSACTION_REJETEE,
  EtatRapporte.TRANSACTION_RETOURNEE,
  EtatRapporte.TRANSACTION_RETABLIE,
  EtatRapporte.TRANSACTION_FRAIS,
];

type Kind = 'paiement' | 'autreSysteme' | 'ecarter';

/** Shows what the bank says in a line and the debits that it may be of, and closes it. */
export function CloseLineDialog({ line, close }: { line: TransactionInconnue; close: () => void }) {
  const m = useMessages();
  const words = m.prelevements.lignes;
  const transport = useTransport();
  const readAgain = useReadAgain();
  const [kind, setKind] = useState<Kind>('paiement');
  const [chosen, setChosen] = useState<Candidat>();
  const { rapportId, rang } = line;
  const isFact = FACTS.includes(line.etat);
  const differs = chosen && line.montant !== undefined && chosen.montant !== line.montant;
  return (
    <FormDialog
      isWide
      title={words.cloreTitre}
      effect={<Said line={line} />}
      close={close}
      button={words.bouton}
      done={words.faite}
      send={async (values, once) => {
        const request = {
          ...{ rapportId, rang, pourquoi: values.line('pourquoi') },
          fait:
            kind === 'paiement'
              ? {
                  case: kind,
                  value: {
                    id: chosen?.paiement?.id ?? '',
                    tentative: chosen?.tentative ?? 0,
                    etat: Number(values.text('etat')),
                    montantDifferent: values.isChecked('montantDifferent'),
                  },
                }
              : { case: kind, value: {} },
        };
        return await callUnaryMethod(
          transport,
          PaymentService.method.cloreLigneInconnue,
          request as Parameters<
            typeof callUnaryMethod<
              typeof PaymentService.method.cloreLigneInconnue.input,
              typeof PaymentService.method.cloreLigneInconnue.output
            >
          >[2],
          once(request),
        );
      }}
      readAgain={() => {
        const { listLignesInconnues, listRapports, listCandidats } = PaymentService.method;
        return readAgain(listLignesInconnues, listRapports, listCandidats);
      }}
    >
      <RadioGroup className="field choices" value={kind} onChange={(value) => setKind(value as Kind)}>
        <Label>{words.reponse}</Label>
        <Radio className="radio" value="paiement">
          {words.dunPaiement}
        </Radio>
        <Radio className="radio" value="autreSysteme">
          {words.autreSysteme}
        </Radio>
        <Radio className="radio" value="ecarter">
          {words.ecarter}
        </Radio>
      </RadioGroup>
      {kind === 'paiement' && (
        <>
          <Candidates line={line} chosen={chosen} choose={setChosen} />
          {!isFact && (
            <Choice
              name="etat"
              label={words.etat}
              help={words.etatAide}
              isRequired
              options={FACTS.map((etat) => ({ id: String(etat), nom: words.etats[etat] ?? '' }))}
            />
          )}
          {differs && (
            <CheckField
              name="montantDifferent"
              label={words.montantDifferent(lineAmount(line, m), amount(chosen.montant))}
            />
          )}
        </>
      )}
      <ReasonField name="pourquoi" isRequired />
    </FormDialog>
  );
}

function Said({ line }: { line: TransactionInconnue }) {
  const m = useMessages();
  const words = m.prelevements.lignes;
  const { champs } = words;
  const { survenuAt, motifRejet, endToEndId, instrId, rum, blocId, messageId, reference, frais, ligne } =
    line;
  const fields: [string, ReactNode][] = [
    [champs.quoi, whatOf(line, m)],
    [champs.montant, lineAmount(line, m)],
    [champs.date, survenuAt ? shortDay(dayOf(timestampDate(survenuAt))) : words.sansDate],
    [champs.motif, motifRejet && <Reason code={motifRejet} />],
    [champs.endToEndId, endToEndId],
    [champs.instrId, instrId !== endToEndId && instrId],
    [champs.rum, rum],
    [champs.bloc, blocId],
    [champs.message, messageId],
    [champs.reference, reference],
    [champs.frais, frais !== undefined && amount(frais)],
    [champs.ligne, words.numeroDeLigne(ligne)],
  ];
  return (
    <section className="said-by-bank" aria-label={words.dit}>
      <dl>
        {fields
          .filter(([, value]) => Boolean(value))
          .map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p className="quiet">{motifInWords(line.motif, words.pourquoi)}</p>
    </section>
  );
}

type CandidatesProps = {
  line: TransactionInconnue;
  chosen: Candidat | undefined;
  choose: (candidate: Candidat | undefined) => void;
};

const keyOf = ({ endToEndId }: Candidat): string => endToEndId;

function Candidates({ line: { rapportId, rang }, chosen, choose }: CandidatesProps) {
  const m = useMessages();
  const words = m.prelevements.lignes;
  const [written, setWritten] = useState('');
  const recherche = useDeferredValue(written.trim());
  const { data, error, isPending } = useQuery(
    PaymentService.method.listCandidats,
    { rapportId, rang, recherche },
    { placeholderData: keepPreviousData },
  );
  const candidats = data?.candidats ?? [];
  const names = useNames(candidats.map(({ paiement }) => paiement!));
  return (
    <>
      <TextField
        name="recherche"
        label={words.chercher}
        help={words.chercherAide}
        maxLength={70}
        change={setWritten}
        autoFocus
      />
      {error ? (
        <Failure error={error} />
      ) : isPending ? (
        <Waiting lines={3} />
      ) : candidats.length === 0 ? (
        <p className="notice" role="status">
          {recherche ? words.aucunTrouve : words.aucunCandidat}
        </p>
      ) : (
        <RadioGroup
          className="field candidates"
          name="id"
          isRequired
          value={chosen ? keyOf(chosen) : null}
          onChange={(key) => choose(candidats.find((one) => keyOf(one) === key))}
        >
          <Label>{words.candidats}</Label>
          {candidats.map((one) => {
            const { paiement, montant, dateCollecte, libelle, titulaire, rum, indices, obstacle, tentative } =
              one;
            return (
              <Radio key={keyOf(one)} className="radio candidate" value={keyOf(one)}>
                <span className="what">
                  {names.client(paiement!.clientId)}
                  <span className="amount">{amount(montant)}</span>
                </span>
                <span>
                  {libelle} · {words.collecteDu(shortDay(dateCollecte))}
                  {tentative > 1 && ` · ${m.prelevements.presentation(tentative)}`}
                  {` · ${m.prelevements.etats[paiement!.statut] ?? ''}`}
                </span>
                <span className="quiet">
                  {titulaire} · {rum}
                </span>
                <span className="marks">
                  {indices
                    .filter((indice) => words.indices[indice])
                    .map((indice) => (
                      <span key={indice} className="mark good">
                        {words.indices[indice]}
                      </span>
                    ))}
                  {obstacle && (
                    <span className="mark warn wraps">{motifInWords(obstacle, words.pourquoi)}</span>
                  )}
                </span>
              </Radio>
            );
          })}
          <Fault />
        </RadioGroup>
      )}
    </>
  );
}
