import { Link } from '@tanstack/react-router';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { GenreEcheance, type EcheanceAgenda } from '../../gen/proto/relance/agenda_pb.ts';
import { amount, shortDay, time, instant } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

const ICONS: Partial<Record<GenreEcheance, [IconName, string]>> = {
  [GenreEcheance.MAIL_RELANCE]: ['mail', 'mail'],
  [GenreEcheance.MAIL_PRENOTIFICATION]: ['mail', 'mail'],
  [GenreEcheance.MAIL_REESSAI]: ['mail', 'mail'],
  [GenreEcheance.PRELEVEMENT]: ['debit', 'debit'],
  [GenreEcheance.REESSAI]: ['retry', 'retry'],
  [GenreEcheance.PROMESSE_ATTENDUE]: ['clock', 'debit'],
  [GenreEcheance.APPEL_RELANCE]: ['phone', 'deed'],
  [GenreEcheance.LETTRE_RELANCE]: ['mail', 'deed'],
  [GenreEcheance.TACHE_SUIVI]: ['person', 'deed'],
  [GenreEcheance.RAPPEL_SUIVI]: ['person', 'deed'],
};

/** One line of the agenda; opened, why it is there and what would stop it. */
export function AgendaEntry({
  echeance,
  client,
  isLate,
}: {
  echeance: EcheanceAgenda;
  client: string;
  isLate: boolean;
}) {
  const m = useMessages();
  const { genre, libelle, montant, datePrevue, jourEntier, invoiceId } = echeance;
  const [icon, tone] = ICONS[genre] ?? ['clock', 'deed'];
  const when = !datePrevue
    ? ''
    : jourEntier
      ? m.aujourdhui.journee
      : isLate
        ? instant(datePrevue)
        : time(datePrevue);
  return (
    <Disclosure className="entry">
      <Heading level={4}>
        <Button slot="trigger">
          <span className="when">{when}</span>
          <span className={`kind ${tone}`}>
            <Icon name={icon} />
            {m.genres[genre] ?? m.genres[0]}
          </span>
          <span className="what">
            {libelle}
            {client && <span className="quiet"> · {client}</span>}
          </span>
          <Marks echeance={echeance} m={m} />
          <span className="amount">{montant > 0n ? amount(montant) : ''}</span>
          <Icon name="right" />
        </Button>
      </Heading>
      <DisclosurePanel>
        <dl>
          <Fact name={m.aujourdhui.retenuePar} text={echeance.attente} />
          <Fact name={m.aujourdhui.pourquoi} text={echeance.pourquoi} />
          <Fact name={m.aujourdhui.condition} text={echeance.condition} />
          <Fact name={m.aujourdhui.arret} text={echeance.arret} />
        </dl>
        {invoiceId && (
          <Link className="link" to="/factures/$id" params={{ id: invoiceId }}>
            {m.aujourdhui.ouvrirFacture}
          </Link>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}

function Marks({ echeance, m }: { echeance: EcheanceAgenda; m: Messages }) {
  const { enRetard, enPause, pauseJusquAu, attente, condition } = echeance;
  return (
    <span className="marks">
      {enRetard && <span className="mark bad">{m.aujourdhui.enRetard}</span>}
      {enPause && (
        <span className="mark warn">
          {pauseJusquAu ? m.aujourdhui.enPauseJusqu(shortDay(pauseJusquAu)) : m.aujourdhui.enPause}
        </span>
      )}
      {attente && <span className="mark warn">{m.aujourdhui.retenue}</span>}
      {condition && <span className="mark">{m.aujourdhui.sousCondition}</span>}
    </span>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  if (!text) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
