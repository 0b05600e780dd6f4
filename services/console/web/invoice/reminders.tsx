import { timestampDate } from '@bufbuild/protobuf/wkt';
import { lazy, Suspense, useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { StatutRelance, type NiveauRelance, type Relance } from '../../gen/proto/relance/relance_pb.ts';
import { day, duration, instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { CommandName } from './command-dialog.tsx';
import { isRunning, stateOf, type LevelState } from './level-state.ts';

const CommandDialog = lazy(async () => ({ default: (await import('./command-dialog.tsx')).CommandDialog }));

const PreviewDialog = lazy(async () => ({ default: (await import('./preview-dialog.tsx')).PreviewDialog }));
const ReplanDialog = lazy(async () => ({ default: (await import('./replan-dialog.tsx')).ReplanDialog }));

/** What opens above the page. */
type Opened = CommandName | 'apercu' | 'replan';

const BUTTONS: { command: CommandName; icon: IconName }[] = [
  { command: 'envoi', icon: 'send' },
  { command: 'saut', icon: 'skip' },
  { command: 'pause', icon: 'pause' },
  { command: 'reprise', icon: 'play' },
];

/** The reminders of an invoice: every level with what has become of it or when it comes, and what people can do. */
export function Reminders({ relance, invoice }: { relance: Relance; invoice: Invoice }) {
  const m = useMessages();
  const [open, setOpen] = useState<Opened>();
  const close = () => setOpen(undefined);
  const { statut, attente, pauseJusquAu, motifFin, niveaux } = relance;
  const isPaused = statut === StatutRelance.EN_PAUSE;
  const possible = BUTTONS.filter(
    ({ command }) => isRunning(relance) && command !== (isPaused ? 'pause' : 'reprise'),
  );
  return (
    <section className="panel reminders" aria-label={m.relances.titre}>
      <header>
        <h2>{m.relances.titre}</h2>
        <span className={`mark ${isPaused ? 'warn' : statut === StatutRelance.SOLDEE ? 'good' : ''}`}>
          {m.relances.statuts[statut]}
        </span>
      </header>
      {isPaused && (
        <p className="notice">
          <Icon name="pause" />
          {pauseJusquAu ? m.relances.pauseJusqu(day(pauseJusquAu)) : m.relances.pauseSansFin}
        </p>
      )}
      {attente && (
        <p className="notice">
          <Icon name="clock" />
          <span>
            <strong>{m.relances.retenues}</strong> : {attente}
          </span>
        </p>
      )}
      {motifFin && <p className="quiet">{m.relances.finMotif(motifFin)}</p>}
      {possible.length > 0 && (
        <div className="actions" role="group" aria-label={m.relances.actions}>
          <Button className="button" onPress={() => setOpen('apercu')}>
            <Icon name="mail" />
            {m.apercu.bouton}
          </Button>
          {possible.map(({ command, icon }) => (
            <Button
              key={command}
              className="button"
              // the service refuses it: the notice above says why
              isDisabled={command === 'envoi' && attente !== ''}
              onPress={() => setOpen(command)}
            >
              <Icon name={icon} />
              {m.commandes[command].bouton}
            </Button>
          ))}
          <MenuTrigger>
            <Button className="button">
              {m.relances.autres}
              <Icon name="down" />
            </Button>
            <Popover className="popover" placement="bottom end">
              <Menu
                className="menu"
                aria-label={m.relances.autres}
                onAction={(key) => setOpen(key as Opened)}
              >
                <MenuItem id="replan">{m.replan.bouton}</MenuItem>
                <MenuItem id="regles">{m.commandes.regles.bouton}</MenuItem>
                <MenuItem id="annulation" className="out">
                  {m.commandes.annulation.bouton}
                </MenuItem>
              </Menu>
            </Popover>
          </MenuTrigger>
        </div>
      )}
      <ol className="levels">
        {niveaux.map((level) => (
          <Level key={level.niveau} relance={relance} level={level} />
        ))}
      </ol>
      {open && (
        <Suspense fallback={null}>
          {open === 'apercu' ? (
            <PreviewDialog invoiceId={relance.invoiceId} close={close} />
          ) : open === 'replan' ? (
            <ReplanDialog invoice={invoice} close={close} />
          ) : (
            <CommandDialog command={open} relance={relance} close={close} />
          )}
        </Suspense>
      )}
    </section>
  );
}

const STATE_ICONS: Record<LevelState, IconName> = {
  sent: 'check',
  skipped: 'skip',
  next: 'clock',
  planned: 'clock',
  never: 'stop',
};

function Level({ relance, level }: { relance: Relance; level: NiveauRelance }) {
  const m = useMessages();
  const state = stateOf(relance, level);
  const { etats, bases, modeles } = m.relances;
  const sentAs = ({ canal, envoiGroupeId }: NiveauRelance, when: string) =>
    (etats.faites[canal] ?? etats.envoyee)(when) + (envoiGroupeId ? ` ${etats.avecDautres}` : '');
  const at: Record<LevelState, string> = {
    sent: level.envoyeeAt ? sentAs(level, instant(level.envoyeeAt)) : '',
    skipped: etats.sautee(level.motifSaut),
    next: relance.prochaineAt ? etats.prochaine(instant(relance.prochaineAt)) : etats.prochaineSansDate,
    planned: level.dueAt ? etats.prevue(day(dayOf(timestampDate(level.dueAt)))) : '',
    never: etats.plusRien,
  };
  const wanted = level.dueAt && instant(level.dueAt);
  const isMoved =
    state === 'next' && wanted && relance.prochaineAt && wanted !== instant(relance.prochaineAt);
  return (
    <li className={`level ${state}`}>
      <span className="dot">
        <Icon name={STATE_ICONS[state]} />
      </span>
      <div>
        <p className="what">
          {[
            m.relances.niveau(level.niveau),
            modeles[level.modele] ?? level.modele,
            m.relances.canaux[level.canal],
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p>{at[state]}</p>
        {isMoved && <p className="quiet">{relance.attente ? etats.attend(wanted) : etats.decalee(wanted)}</p>}
        <p className="quiet">
          {m.relances.regle(duration(level.delai), bases[level.base] ?? '')}
          {level.demandee && ` · ${m.relances.demandee}`}
          {level.malgrePrelevement && ` · ${m.relances.malgrePrelevement}`}
        </p>
      </div>
    </li>
  );
}
