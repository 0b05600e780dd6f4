import type { Db } from '@crm/db';
import { companyFaults } from '@crm/domain';
import { entity, invalidFields, notFound, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Logo, Societe, type SocieteServiceService } from '@crm/proto/organisations/organisations';
import { readLogo } from './read-logo.ts';

/** Sociétés: the legal entities of organisations. */
export function societes(db: Db): Methods<typeof SocieteServiceService> {
  const societe = entity(db, {
    model: 'societe',
    plural: 'societes',
    message: Societe,
    defaults: { organisationId: DEFAULT_ORGANISATION },
    async updating(tx, id, { siren, numeroTva }) {
      if (siren === undefined && numeroTva === undefined) return;
      const now = await societe.read(tx, id);
      check({ siren: (siren ?? now.siren) as string, numeroTva: (numeroTva ?? now.numeroTva) as string });
    },
  });
  /** Stores a picture under its hash, so that the same one is stored once. @returns its id; empty: none */
  async function keep(bytes: Uint8Array): Promise<string> {
    if (bytes.length === 0) return '';
    const { contenu, ...logo } = readLogo(bytes);
    await db.logo.createMany({ data: [{ ...logo, contenu: Buffer.from(contenu) }], skipDuplicates: true });
    return logo.id;
  }
  return {
    ...societe,
    async create({ logo, ...request }, call) {
      check(request);
      return await societe.create({ ...request, logoId: await keep(logo) }, call);
    },
    update: async ({ logo, ...changes }, call) =>
      await societe.update({ ...changes, ...(logo && { logoId: await keep(logo) }) }, call),
    async getLogo({ id }) {
      const row = await db.logo.findUnique({ where: { id } });
      if (!row) throw notFound('logo', id);
      return Logo.fromPartial({ ...row, contenu: Buffer.from(row.contenu) });
    },
  };
}

/** @throws {RpcError} INVALID_ARGUMENT: `siren`, `numeroTva` */
function check(numbers: { siren: string; numeroTva: string }): void {
  const faults = companyFaults(numbers);
  if (faults.length > 0) throw invalidFields(faults);
}
