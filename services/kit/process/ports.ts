/** The port of each gRPC service, before `PORT_OFFSET`. Part of the contract with existing clients. */
export const PORTS = {
  activites: 50051,
  clients: 50052,
  commerciaux: 50053,
  commission: 50054,
  contrats: 50055,
  dashboard: 50056,
  documents: 50057,
  email: 50058,
  factures: 50059,
  logistics: 50060,
  notifications: 50061,
  organisations: 50062,
  payments: 50063,
  products: 50064,
  referentiel: 50065,
  relance: 50066,
  users: 50067,
  calendar: 50068,
  retry: 50070,
  ops: 50071,
} as const;

/** The name of a service: its folder, and its package on the wire. */
export type ServiceName = keyof typeof PORTS;
