import { orUndefined } from '@crm/kit';
import type { Services } from './clients.ts';

/** The finance team of an organisation. Events may name one that does not exist in Suivi: it has none. */
export async function financeOf(
  { organisations }: Pick<Services, 'organisations'>,
  id: string,
  settings: { deadlineMs?: number } = {},
): Promise<string[]> {
  return (await orUndefined(organisations.get({ id }, settings)))?.financeIds ?? [];
}
