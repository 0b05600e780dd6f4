import { useState } from 'react';
import { Button } from 'react-aria-components';
import { StatutEmailClient, type Client } from '../../gen/proto/clients/clients_pb.ts';
import { nameOf, useUserNames } from '../clients.ts';
import { amount, instant } from '../format.ts';
import { useOrganisationName } from '../organisations.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Icon } from '../ui/icon.tsx';
import type { Contact } from './contact-dialog.tsx';
import { DecisionDialog, type Decision } from './decision-dialog.tsx';
import type { OpenInvoices } from './use-open-invoices.ts';

type Props = { client: Client; owed: OpenInvoices | undefined; write: (contact: Contact) => void };

/** Who the client is, how to reach him, what he owes in all, and what people have decided about him. */
export function ClientHead({ client, owed, write }: Props) {
  const m = useMessages();
  const [decision, setDecision] = useState<Decision>();
  const { raisonSociale, prenom, nom, telephone, email, referenceClient, siren, gestionnaireId } = client;
  const contact = raisonSociale ? [prenom, nom].filter(Boolean).join(' ') : '';
  const responsible = useUserNames([gestionnaireId]).get(gestionnaireId);
  const organisation = useOrganisationName()(client.organisationId);
  const isRefused = client.emailStatut === StatutEmailClient.ADRESSE_REFUSEE;
  const facts = [
    ...(contact && contact !== raisonSociale ? [[m.client.contact, contact]] : []),
    ...(responsible && !IS_ID.test(responsible) ? [[m.client.responsable, responsible]] : []),
    ...(IS_ID.test(organisation) ? [] : [[m.facture.organisation, organisation]]),
    ...(referenceClient ? [[m.client.reference, referenceClient]] : []),
    ...(siren ? [[m.client.siren, siren.replace(/(\d{3})(?=\d)/g, '$1 ')]] : []),
  ];
  return (
    <header className="panel client-head">
      <div className="who">
        <h1>
          {nameOf(client)}
          {client.sansRelance && <span className="mark warn">{m.client.opposition}</span>}
          {client.bloque && <span className="mark warn">{m.client.bloque}</span>}
        </h1>
        <p className="reach">
          {telephone && (
            <a className="link phone" href={`tel:${telephone.replace(/[^+\d]/g, '')}`}>
              <Icon name="phone" />
              {telephone}
            </a>
          )}
          {email && (
            <a className="link phone" href={`mailto:${encodeURIComponent(email)}`}>
              <Icon name="mail" />
              {email}
            </a>
          )}
        </p>
        {facts.length > 0 && (
          <dl className="inline-facts">
            {facts.map(([name, text]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        )}
        <div className="actions">
          <Button className="button primary" onPress={() => write('appel')} aria-keyshortcuts="c">
            <Icon name="phone" />
            {m.client.contacts.appel.ouvrir}
            <kbd>c</kbd>
          </Button>
          <Button className="button" onPress={() => write('note')} aria-keyshortcuts="n">
            <Icon name="document" />
            {m.client.contacts.note.ouvrir}
            <kbd>n</kbd>
          </Button>
          <Decide decision={client.sansRelance ? 'finOpposition' : 'opposition'} choose={setDecision} />
          <Decide decision={client.bloque ? 'finBlocage' : 'blocage'} choose={setDecision} />
          <Decide decision="adresse" choose={setDecision} />
        </div>
      </div>
      <dl className="figures">
        <div className="main">
          <dt>{m.client.du}</dt>
          <dd>{owed ? amount(owed.total) : '…'}</dd>
        </div>
        <div>
          <dt>{m.client.enRetard}</dt>
          <dd className={owed && owed.late > 0n ? 'overdue' : ''}>{owed ? amount(owed.late) : '…'}</dd>
        </div>
        <div>
          <dt>{m.client.ouvertes}</dt>
          <dd>{owed ? owed.invoices.length : '…'}</dd>
        </div>
      </dl>
      {isRefused && (
        <div className="notice refused">
          <Icon name="mail" />
          <div>
            <strong>
              {m.client.adresseRefusee(client.emailRefuseAt ? instant(client.emailRefuseAt) : '')}
            </strong>
            {client.emailRefuseRaison && <p className="text">{client.emailRefuseRaison}</p>}
            <p>{m.client.adresseRefuseeAide}</p>
            <div className="actions">
              <Decide decision="adresseBonne" choose={setDecision} />
            </div>
          </div>
        </div>
      )}
      {decision && (
        <DecisionDialog decision={decision} client={client} close={() => setDecision(undefined)} />
      )}
    </header>
  );
}

function Decide({ decision, choose }: { decision: Decision; choose: (decision: Decision) => void }) {
  const m = useMessages();
  return (
    <Button className="button" onPress={() => choose(decision)}>
      {m.client.decisions[decision].ouvrir}
    </Button>
  );
}

/** What another system knows has no name here. */
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
