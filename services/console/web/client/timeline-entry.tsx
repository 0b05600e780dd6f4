import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { GenreLigne, type LigneChronologie } from '../../gen/proto/chronologie/chronologie_pb.ts';
import { amount, time } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { lineInWords } from './line-in-words.ts';

const SentMail = lazy(async () => ({ default: (await import('./sent-mail.tsx')).SentMail }));

const ICONS: Record<GenreLigne, [IconName, string]> = {
  [GenreLigne.GENRE_LIGNE_UNSPECIFIED]: ['clock', 'deed'],
  [GenreLigne.COURRIEL]: ['mail', 'mail'],
  [GenreLigne.RETOUR_COURRIEL]: ['stop', 'bad'],
  [GenreLigne.REPONSE_RECUE]: ['mail', 'deed'],
  [GenreLigne.RELANCE]: ['send', 'mail'],
  [GenreLigne.ATTENTE]: ['clock', 'deed'],
  [GenreLigne.FIN_ATTENTE]: ['clock', 'deed'],
  [GenreLigne.REESSAI]: ['retry', 'retry'],
  [GenreLigne.PRELEVEMENT]: ['debit', 'debit'],
  [GenreLigne.REJET]: ['stop', 'bad'],
  [GenreLigne.ACTIVITE]: ['document', 'deed'],
  [GenreLigne.TACHE]: ['check', 'deed'],
  [GenreLigne.FACTURE]: ['document', 'debit'],
  [GenreLigne.AVOIR]: ['document', 'debit'],
  [GenreLigne.CLIENT]: ['person', 'deed'],
  [GenreLigne.CONTRAT]: ['document', 'debit'],
};

const CALL: [IconName, string] = ['phone', 'deed'];

/** How many invoices are named; more are counted. */
const NAMED = 4;

type Props = { line: LigneChronologie; reasons: ReadonlyMap<string, string> };

/** One thing that happened. A mail opens, and shows itself. */
export function TimelineEntry({ line, reasons }: Props) {
  const m = useMessages();
  const { genre, texte, motif, montant, factures, instant, auteur, auteurNom, objetId } = line;
  const [icon, tone] = line.code === 'APPEL' ? CALL : ICONS[genre];
  const said = lineInWords(line, m, reasons);
  const isAutomatic = auteur.startsWith('service:') || auteur === 'Suivi';
  const author = isAutomatic ? m.historique.automatique : auteurNom;
  const named = factures.filter(({ numero }) => numero);
  const hasMail =
    genre === GenreLigne.COURRIEL ||
    genre === GenreLigne.RETOUR_COURRIEL ||
    genre === GenreLigne.REPONSE_RECUE;
  return (
    <li className="happened">
      <span className={`kind ${tone}`}>
        <Icon name={icon} />
      </span>
      <div>
        <div className="row-head">
          <p className="what">
            {said.what}
            {said.mark && <span className={`mark ${said.mark.tone}`}>{said.mark.text}</span>}
          </p>
          {montant > 0n && <span className="amount">{amount(montant)}</span>}
        </div>
        {said.detail && <p className="text">{said.detail}</p>}
        {texte && said.isTextShown && <p className="text told">{texte}</p>}
        {motif && <p className="text quiet">{said.motif ?? motif}</p>}
        <p className="quiet by">
          {time(instant!)}
          {author && <span>{author}</span>}
          {named.slice(0, NAMED).map(({ id, numero }) => (
            <Link key={id} className="link" to="/factures/$id" params={{ id }}>
              {numero}
            </Link>
          ))}
          {named.length > NAMED && <span>{m.client.autresFactures(named.length - NAMED)}</span>}
        </p>
        {hasMail && objetId && (
          <Disclosure className="opened">
            {({ isExpanded }) => (
              <>
                <Heading level={4}>
                  <Button slot="trigger" className="button small">
                    {genre === GenreLigne.COURRIEL ? m.client.lireMail : m.client.lireNotreMail}
                    <Icon name={isExpanded ? 'up' : 'down'} />
                  </Button>
                </Heading>
                <DisclosurePanel>
                  {isExpanded && (
                    <Suspense fallback={<Waiting lines={3} />}>
                      <SentMail id={objetId} numero={named[0]?.numero ?? ''} />
                    </Suspense>
                  )}
                </DisclosurePanel>
              </>
            )}
          </Disclosure>
        )}
      </div>
    </li>
  );
}
