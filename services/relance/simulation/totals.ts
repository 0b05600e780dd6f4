import { dateInParis } from '@crm/domain';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { TotalSimulation, type TotauxSimulation } from '@crm/proto/relance/simulation';
import { Temporal } from 'temporal-polyfill';

const { MAIL_RELANCE, MAIL_PRENOTIFICATION, MAIL_REESSAI, PRELEVEMENT, REESSAI } = GenreEcheance;
const { TACHE_SUIVI, TACHE, APPEL_RELANCE, LETTRE_RELANCE } = GenreEcheance;

const MAILS: GenreEcheance[] = [MAIL_RELANCE, MAIL_PRENOTIFICATION, MAIL_REESSAI];
const DEBITS: GenreEcheance[] = [PRELEVEMENT, REESSAI];
const TASKS: GenreEcheance[] = [TACHE_SUIVI, TACHE, APPEL_RELANCE, LETTRE_RELANCE];

/** Adds up entries, as they come: as much memory as the simulation has days. */
export class Totals {
  private readonly days = new Map<string, TotalSimulation>();

  add(entries: EcheanceAgenda[]): void {
    for (const { genre, datePrevue, motifSaut, montant, dansLeMailDe } of entries) {
      if (!datePrevue || motifSaut) continue;
      const day = dateInParis(datePrevue);
      const total = this.days.get(day) ?? TotalSimulation.fromPartial({ du: day });
      this.days.set(day, total);
      // reminders that go out together are one mail
      if (MAILS.includes(genre) && !dansLeMailDe) total.mails += 1;
      if (genre === MAIL_RELANCE) {
        total.relances += 1;
        total.montantRelances += montant;
      }
      if (DEBITS.includes(genre)) {
        total.prelevements += 1;
        total.montantPrelevements += montant;
      }
      if (TASKS.includes(genre)) total.taches += 1;
    }
  }

  toMessage(): TotauxSimulation {
    const jours = [...this.days.values()].sort((a, b) => (a.du < b.du ? -1 : 1));
    return {
      total: summed(jours, () => '').at(0) ?? TotalSimulation.create(),
      jours,
      semaines: summed(jours, mondayOf),
    };
  }
}

const mondayOf = (day: string): string => {
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 }).toString();
};

/** The totals of days that have the same name. */
function summed(days: TotalSimulation[], nameOf: (day: string) => string): TotalSimulation[] {
  const sums = new Map<string, TotalSimulation>();
  for (const day of days) {
    const du = nameOf(day.du);
    const sum = sums.get(du) ?? TotalSimulation.fromPartial({ du });
    sums.set(du, {
      ...sum,
      mails: sum.mails + day.mails,
      relances: sum.relances + day.relances,
      montantRelances: sum.montantRelances + day.montantRelances,
      prelevements: sum.prelevements + day.prelevements,
      montantPrelevements: sum.montantPrelevements + day.montantPrelevements,
      taches: sum.taches + day.taches,
    });
  }
  return [...sums.values()];
}
