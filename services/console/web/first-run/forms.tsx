import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { OrganisationService, SocieteService } from '../../gen/proto/organisations/organisations_pb.ts';
import { CreancierService } from '../../gen/proto/payments/payments_pb.ts';
import { RegleRelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { levelSentence } from '../rules/rule-sentence.ts';
import { TextField } from '../ui/fields.tsx';
import { RpcForm } from '../ui/rpc-form.tsx';
import { USUAL_RULES } from './usual-rules.ts';

type Props = { organisationId: string; readAgain: () => Promise<unknown> };

/** A new organisation, by its name. */
export function OrganisationForm({ created }: { created: (organisationId: string) => void }) {
  const words = useMessages().demarrage.organisation;
  const transport = useTransport();
  const queries = useQueryClient();
  return (
    <RpcForm
      button={words.creer}
      done={words.creee}
      readAgain={() => queries.invalidateQueries({ queryKey: ['organisations'] })}
      send={(values, once) => {
        const request = { nom: values.text('nom'), code: values.text('code'), email: values.text('email') };
        return callUnaryMethod(transport, OrganisationService.method.create, request, once(request));
      }}
      sent={({ id, code }) => created(code || id)}
    >
      <div className="two-fields">
        <TextField name="nom" label={words.nom} isRequired />
        <TextField name="code" label={words.code} help={words.codeAide} maxLength={64} />
        <TextField name="email" label={words.email} type="email" maxLength={254} />
      </div>
    </RpcForm>
  );
}

/** The company in whose name invoices and mails go out. */
export function SocieteForm({ organisationId, readAgain }: Props) {
  const words = useMessages().demarrage.societe;
  const transport = useTransport();
  return (
    <RpcForm
      button={words.creer}
      done={words.creee}
      readAgain={readAgain}
      send={(values, once) => {
        const of = (name: string) => values.text(name);
        const request = {
          ...{ organisationId, raisonSociale: of('raisonSociale'), formeJuridique: of('formeJuridique') },
          ...{
            siren: of('siren').replace(/\s/g, ''),
            numeroTva: of('numeroTva').replace(/\s/g, '').toUpperCase(),
          },
          ...{ adresse: of('adresse'), expediteurNom: of('expediteurNom') },
          ...{ expediteurAdresse: of('expediteurAdresse'), replyTo: of('replyTo'), contact: of('contact') },
        };
        return callUnaryMethod(transport, SocieteService.method.create, request, once(request));
      }}
    >
      <div className="two-fields">
        <TextField name="raisonSociale" label={words.raisonSociale} isRequired />
        <TextField name="formeJuridique" label={words.formeJuridique} maxLength={50} />
        <TextField
          name="siren"
          label={words.siren}
          maxLength={15}
          faultOf={(text) => (/^(\d{9})?$/.test(text.replace(/\s/g, '')) ? null : words.sirenInvalide)}
        />
        <TextField name="numeroTva" label={words.numeroTva} maxLength={20} />
        <TextField name="adresse" label={words.adresse} lines={3} maxLength={500} />
        <TextField name="contact" label={words.contact} help={words.contactAide} />
        <TextField name="expediteurNom" label={words.expediteurNom} maxLength={100} />
        <TextField
          name="expediteurAdresse"
          label={words.expediteurAdresse}
          help={words.expediteurAide}
          type="email"
          maxLength={254}
        />
        <TextField name="replyTo" label={words.replyTo} type="email" maxLength={254} />
      </div>
    </RpcForm>
  );
}

/** Who collects by debits: the SEPA creditor identifier and the account. */
export function CreancierForm({ organisationId, readAgain }: Props) {
  const words = useMessages().demarrage.creancier;
  const transport = useTransport();
  return (
    <RpcForm
      button={words.creer}
      done={words.cree}
      readAgain={readAgain}
      send={(values, once) => {
        const request = {
          ...{ organisationId, nom: values.text('nom'), iban: values.text('iban') },
          ...{ bic: values.text('bic').replace(/\s/g, '').toUpperCase(), ics: values.text('ics') },
        };
        return callUnaryMethod(transport, CreancierService.method.create, request, once(request));
      }}
    >
      <div className="two-fields">
        <TextField name="nom" label={words.nom} isRequired maxLength={70} />
        <TextField name="ics" label={words.ics} help={words.icsAide} isRequired maxLength={50} />
        <TextField name="iban" label={words.iban} isRequired maxLength={42} />
        <TextField name="bic" label={words.bic} maxLength={11} />
      </div>
    </RpcForm>
  );
}

/** Rules to begin with; others are written in Règles. */
export function RulesForm({ organisationId, readAgain }: Props) {
  const m = useMessages();
  const words = m.demarrage.regles;
  const transport = useTransport();
  return (
    <>
      <ol className="offered">
        {USUAL_RULES.map((level) => (
          <li key={level.niveau}>{levelSentence(level, m.regles.phrases)}</li>
        ))}
      </ol>
      <RpcForm
        button={words.prendre}
        done={words.prises}
        readAgain={readAgain}
        send={(_, once) => {
          const request = { organisationId, niveaux: USUAL_RULES, motif: words.motif };
          return callUnaryMethod(transport, RegleRelanceService.method.enregistrer, request, once(request));
        }}
      >
        <p>
          <Link className="link" to="/regles" search={{ org: organisationId }}>
            {words.ecrire}
          </Link>
        </p>
      </RpcForm>
    </>
  );
}
