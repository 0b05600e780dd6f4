import { dateInParis } from '@crm/domain';
import { type Call, organisationOrDefault } from '@crm/kit';
import type {
  EnregistrerNouveauClientRequest,
  EnregistrerNouveauClientResponse,
} from '@crm/proto/dashboard/dashboard';

/** Counts a new client on the Paris day of its creation, once per event. */
export function enregistrerNouveauClient(
  { organisationId, createdAt }: EnregistrerNouveauClientRequest,
  call: Call,
): Promise<EnregistrerNouveauClientResponse> {
  const jour = dateInParis(createdAt!);
  return call.once(
    async (tx) => {
      await tx.$executeRaw`
        INSERT INTO dashboard.nouveaux_clients AS n (organisation_id, jour, nombre)
        VALUES (${organisationOrDefault(organisationId)}, ${jour}::date, 1)
        ON CONFLICT (organisation_id, jour) DO UPDATE SET nombre = n.nombre + 1`;
      return { jour };
    },
    { idOf: (counted) => counted.jour, read: (_, id) => Promise.resolve({ jour: id }) },
  );
}
