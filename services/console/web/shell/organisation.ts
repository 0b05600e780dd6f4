import { useNavigate, useSearch } from '@tanstack/react-router';

const KEPT = 'suivi.organisation';
/** In the address: all organisations. */
const ALL = '*';

/** What the address of every page may say: the organisation by its code or id. */
export type OrganisationSearch = { org?: string };

/** The organisation that was chosen last on this machine, for an address without one. */
export const lastOrganisation = (): string | undefined => localStorage.getItem(KEPT) ?? undefined;

/**
 * The organisation by which the pages are filtered: its code, or its id if it has none. Empty: all of them, or none has
 * been chosen; a page that is about one says so (`ChooseOrganisation`).
 */
export function useOrganisation(): { org: string; choose: (reference: string) => void } {
  const { org } = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    org: org === ALL ? '' : (org ?? ''),
    choose(reference) {
      const chosen = reference || ALL;
      localStorage.setItem(KEPT, chosen);
      void navigate({ to: '.', search: (before) => ({ ...before, org: chosen }) });
    },
  };
}
