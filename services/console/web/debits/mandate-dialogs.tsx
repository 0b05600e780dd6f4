import { timestampDate } from '@bufbuild/protobuf/wkt';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { ClientBaseService } from '../../gen/proto/clients/clients_pb.ts';
import { MandateService, StatutMandat, type Mandate } from '../../gen/proto/payments/payments_pb.ts';
import { shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf, today } from '../paris-day.ts';
import { AmountField, DateField, ReasonField, TextField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import type { FormValues } from '../ui/form-values.ts';
import { useReadAgain } from './use-read-again.ts';
import { ClientField } from './client-field.tsx';

/** The fields of a postal address; `isOptional`: it may be left out as a whole. */
function AddressFields({
  adresse,
  isOptional = false,
}: {
  adresse?: Mandate['adresse'];
  isOptional?: boolean;
}) {
  const m = useMessages();
  const { champs } = m.prelevements.mandats;
  return (
    <div className="address">
      <TextField name="numero" label={champs.numero} first={adresse?.numero ?? ''} maxLength={16} />
      <TextField name="rue" label={champs.rue} first={adresse?.rue ?? ''} maxLength={70} />
      <TextField
        name="codePostal"
        label={champs.codePostal}
        first={adresse?.codePostal ?? ''}
        maxLength={16}
      />
      <TextField
        name="ville"
        label={champs.ville}
        first={adresse?.ville ?? ''}
        maxLength={35}
        isRequired={!isOptional}
      />
      <TextField
        name="pays"
        label={champs.pays}
        first={adresse?.pays ?? 'FR'}
        maxLength={2}
        isRequired={!isOptional}
      />
    </div>
  );
}

const addressOf = (values: FormValues, before?: Mandate['adresse']) => ({
  // what the form does not ask for stays
  ...{
    batiment: before?.batiment ?? '',
    boitePostale: before?.boitePostale ?? '',
    region: before?.region ?? '',
  },
  ...{ rue: values.text('rue'), numero: values.text('numero'), codePostal: values.text('codePostal') },
  ...{ ville: values.text('ville'), pays: values.text('pays').toUpperCase() },
});

/** Records a mandate. */
export function NewMandateDialog({ organisationId, close }: { organisationId: string; close: () => void }) {
  const m = useMessages();
  const words = m.prelevements.mandats;
  const { champs } = words;
  const transport = useTransport();
  const readAgain = useReadAgain();
  return (
    <FormDialog
      isWide
      title={words.nouveau}
      close={close}
      button={words.enregistrer}
      readAgain={() => readAgain(MandateService.method.list)}
      send={async (values, once) => {
        const clientId = values.text('clientId');
        // the mandate is of the client's organisation, whatever the page is filtered by
        const client = await callUnaryMethod(transport, ClientBaseService.method.get, { id: clientId });
        const jours = values.text('prenotificationJours');
        const request = {
          ...{ clientId, organisationId: client.organisationId, iban: values.text('iban') },
          ...{
            bic: values.text('bic').toUpperCase(),
            titulaire: values.line('titulaire'),
            rum: values.line('rum'),
          },
          dateSignature: values.text('dateSignature'),
          ...(jours && { prenotificationJours: Number(jours) }),
          ...(values.text('ville') && { adresse: addressOf(values) }),
        };
        return await callUnaryMethod(transport, MandateService.method.create, request, once(request));
      }}
      done={({ rum }) => words.creeFait(rum)}
    >
      <ClientField organisationId={organisationId} />
      <TextField name="titulaire" label={champs.titulaire} maxLength={70} isRequired />
      <TextField name="iban" label={champs.iban} help={champs.ibanAide} maxLength={42} isRequired />
      <TextField name="bic" label={champs.bic} maxLength={11} />
      <DateField name="dateSignature" label={champs.signature} to={today()} isRequired />
      <TextField name="rum" label={champs.rum} help={champs.rumAide} maxLength={35} />
      <TextField
        name="prenotificationJours"
        label={champs.preavis}
        help={champs.preavisAide}
        maxLength={2}
        faultOf={(text) => (!text || /^([1-9]|1[0-4])$/.test(text.trim()) ? null : m.champs.invalide)}
      />
      <AddressFields isOptional />
    </FormDialog>
  );
}

type Command = 'adresse' | 'revoquer' | 'verifier';

/** A mandate, and what can be done with it. */
export function MandateDialog({ mandate, close }: { mandate: Mandate; close: () => void }) {
  const m = useMessages();
  const words = m.prelevements.mandats;
  const [command, setCommand] = useState<Command>();
  if (command)
    return <MandateCommand command={command} mandate={mandate} close={() => setCommand(undefined)} />;
  const { titulaire, rum, ibanMasque, dateSignature, dernierePresentation, valideJusquAu, adresse } = mandate;
  const { prenotificationJours, statut, revoqueAt, motifRevocation } = mandate;
  const isActive = statut === StatutMandat.ACTIF;
  const address = adresse && [
    [adresse.numero, adresse.rue].filter(Boolean).join(' '),
    adresse.batiment,
    adresse.boitePostale,
    [adresse.codePostal, adresse.ville].filter(Boolean).join(' '),
    [adresse.region, adresse.pays].filter(Boolean).join(', '),
  ];
  const fields: [string, string][] = [
    [m.prelevements.colonnes.rum, rum],
    [words.colonnes.iban, ibanMasque],
    [words.colonnes.signe, shortDay(dateSignature)],
    [words.colonnes.dernier, dernierePresentation ? shortDay(dernierePresentation) : words.jamais],
    [words.colonnes.valide, shortDay(valideJusquAu)],
    [words.preavisTitre, words.preavis(prenotificationJours)],
    [words.colonnes.adresse, address?.filter(Boolean).join(', ') ?? words.sansAdresse],
  ];
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{titulaire}</Heading>
          {!isActive && (
            <p className="notice">
              {words.revoqueLe(revoqueAt ? shortDay(dayOf(timestampDate(revoqueAt))) : '', motifRevocation)}
            </p>
          )}
          <section className="said-by-bank" aria-label={words.historique}>
            <dl>
              {fields.map(([title, value]) => (
                <div key={title}>
                  <dt>{title}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </section>
          <div className="buttons">
            <Button className="button" onPress={close} autoFocus>
              {m.fermer}
            </Button>
            <Button className="button" onPress={() => setCommand('verifier')}>
              {words.verifier}
            </Button>
            {isActive && (
              <>
                <Button className="button" onPress={() => setCommand('adresse')}>
                  {words.adresseBouton}
                </Button>
                <Button className="button danger" onPress={() => setCommand('revoquer')}>
                  {words.revoquer}
                </Button>
              </>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function MandateCommand({
  command,
  mandate,
  close,
}: {
  command: Command;
  mandate: Mandate;
  close: () => void;
}) {
  const m = useMessages();
  const words = m.prelevements.mandats;
  const transport = useTransport();
  const readAgain = useReadAgain();
  const { id, titulaire, rum, organisationId, clientId } = mandate;
  const common = { close, readAgain: () => readAgain(MandateService.method.list) };
  if (command === 'adresse')
    return (
      <FormDialog
        {...common}
        title={`${words.adresseBouton} · ${titulaire}`}
        button={words.enregistrer}
        done={words.adresseFaite}
        send={async (values, once) => {
          const request = { id, adresse: addressOf(values, mandate.adresse) };
          return await callUnaryMethod(transport, MandateService.method.update, request, once(request));
        }}
      >
        <AddressFields adresse={mandate.adresse} />
      </FormDialog>
    );
  if (command === 'revoquer')
    return (
      <FormDialog
        {...common}
        isDanger
        title={`${words.revoquer} · ${titulaire}, ${rum}`}
        effect={words.revoquerEffet}
        button={words.revoquer}
        done={words.revoqueFait}
        send={async (values, once) => {
          const request = { id, motif: values.line('motif') };
          return await callUnaryMethod(transport, MandateService.method.revoke, request, once(request));
        }}
      >
        <ReasonField isRequired autoFocus />
      </FormDialog>
    );
  return (
    <FormDialog
      {...common}
      title={`${words.verifier} · ${titulaire}`}
      effect={words.verifierEffet}
      button={words.verifier}
      done={words.verifierFait}
      send={(values) =>
        callUnaryMethod(transport, MandateService.method.verifier, {
          ...{ organisationId, clientId, mandatId: id },
          ...{ montant: values.cents('montant') ?? 0n, datePrevue: values.text('datePrevue') },
        })
      }
    >
      <AmountField name="montant" label={words.verifierMontant} autoFocus />
      <DateField name="datePrevue" label={words.verifierDate} from={today()} />
    </FormDialog>
  );
}
