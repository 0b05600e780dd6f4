/** The French name of a decision about retries. Another release may have recorded others. */
export const retryDecision = (action: string): string =>
  RETRIES[action] ?? `Nouvelle présentation : ${action}`;

const RETRIES: Record<string, string> = {
  CANCEL: 'Nouvelles présentations arrêtées',
  REPLAN: 'Nouvelle présentation déplacée',
  RUN_NOW: 'Nouvelle présentation immédiate demandée',
  RESUME: 'Nouvelles présentations reprises',
  MIGRATE: 'Nouvelles présentations passées à une autre politique',
};
