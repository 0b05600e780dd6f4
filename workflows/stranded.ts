/** A follow-up whose step was refused, and about which nobody has decided for two weeks. */
export type Stranded = {
  organisationId: string;
  /** Empty: it concerns none. */
  clientId: string;
  correlationId: string;
  /** What it does, in French: "les relances de la facture F-2026-0042". */
  quoi: string;
  /** The id of the invoice, payment or client. */
  reference: string;
  /** The name of what failed, as operators know it. */
  handler: string;
  /** Why it failed. */
  raison: string;
  /** When it failed; ISO 8601, UTC. */
  depuis: string;
  /** How often this has been told, this time included. */
  fois: number;
};

export type StrandedActivities = {
  /** Tells the finance team of the organisation. Returns whom, or why nobody. Repeated every two weeks. */
  tellOfStranded(stranded: Stranded): Promise<string>;
};
