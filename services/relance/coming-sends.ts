import type { EnvoiPrevu } from '@crm/proto/relance/relance';
import { foresee, type Followed, type Ground } from './foresee.ts';

/** After every reminder. */
const EVER = new Date(8.64e15);

/**
 * What is to come of reminders, if nothing is paid and the client gets no other reminder. Without dates while a pause has
 * no end.
 */
export async function comingSends(
  state: Followed['state'],
  ground: Omit<Ground, 'until'>,
): Promise<EnvoiPrevu[]> {
  const { coming } = await foresee([{ state, restantDu: 0n }], { ...ground, until: EVER });
  return coming.map(({ level: { niveau, modele, canal }, at: datePrevue }) => ({
    ...{ niveau, modele, canal, datePrevue },
  }));
}
