import { ruleHistory, type Users } from '@crm/domain';
import type { Db, Tx } from '@crm/db';
import { entity, type Methods, DEFAULT_ORGANISATION, organisationOrDefault } from '@crm/kit';
import {
  ChangementSuivi,
  RegleSuivi,
  type RegleSuiviEnVigueur,
  type RegleSuiviServiceService,
} from '@crm/proto/relance/relance';
import { v7 } from 'uuid';

/** The built-in rule, if neither the organisation nor "default" has one. */
const DEFAULT_RULE = { delai: 'P7D', delaiRappel: 'P7D' };

/** The rules for first follow-ups, at most one per organisation. Every change is kept with who made it. */
export function reglesSuivi(db: Db, users: Users): Methods<typeof RegleSuiviServiceService> {
  const history = ruleHistory(db, 'changementRegles', 'SUIVI', users);
  const asJson = (rule: object | null) =>
    rule ? [RegleSuivi.toJSON(regle.toMessage({ ...rule })) as object] : [];
  const regle = entity(db, {
    model: 'regleSuivi',
    plural: 'regles',
    message: RegleSuivi,
    defaults: { organisationId: DEFAULT_ORGANISATION, ...DEFAULT_RULE },
    async created(tx, rule, call) {
      const { organisationId } = rule;
      await history.begin(tx, organisationId);
      await history.record(tx, { organisationId, motif: '', avant: [], apres: asJson(rule) }, call);
    },
    async updating(tx, id, changes, call) {
      const row = await tx.regleSuivi.findUnique({ where: { id } });
      if (!row) return;
      const { organisationId } = row;
      await history.begin(tx, organisationId);
      const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const change = { avant: asJson(row), apres: asJson({ ...row, ...said }) };
      await history.record(tx, { organisationId, motif: '', ...change }, call);
    },
  });
  const enVigueur = async (tx: Tx | Db, organisationId: string): Promise<RegleSuiviEnVigueur> => {
    const version = await history.versionOf(tx, organisationId);
    for (const origine of new Set([organisationId, DEFAULT_ORGANISATION])) {
      const row = await tx.regleSuivi.findUnique({ where: { organisationId: origine } });
      if (row) return { organisationId, origine, regle: regle.toMessage(row), version };
    }
    return { organisationId, origine: '', regle: RegleSuivi.fromPartial(DEFAULT_RULE), version };
  };
  return {
    ...regle,
    getEnVigueur: ({ organisationId }) => enVigueur(db, organisationOrDefault(organisationId)),
    async enregistrer({ organisationId: given, delai, delaiRappel, motif, versionAttendue }, call) {
      const organisationId = organisationOrDefault(given);
      const rule = {
        delai: delai || DEFAULT_RULE.delai,
        delaiRappel: delaiRappel || DEFAULT_RULE.delaiRappel,
      };
      return await call.once(async (tx) => {
        await history.begin(tx, organisationId, versionAttendue);
        const was = await tx.regleSuivi.findUnique({ where: { organisationId } });
        const is = await tx.regleSuivi.upsert({
          where: { organisationId },
          create: { id: v7(), organisationId, ...rule },
          update: rule,
        });
        await history.record(tx, { organisationId, motif, avant: asJson(was), apres: asJson(is) }, call);
        return await enVigueur(tx, organisationId);
      });
    },
    async listChangements(request) {
      const { rows, nextPageToken } = await history.list(request);
      const read = ([rule]: unknown[]) => (rule ? RegleSuivi.fromJSON(rule) : undefined);
      const changements = rows.map((row) =>
        ChangementSuivi.fromPartial({ ...row, avant: read(row.avant), apres: read(row.apres) }),
      );
      return { changements, nextPageToken };
    },
  };
}

/** The rule in force for an organisation: its own, or else that of "default". */
export async function ruleFor(tx: Tx, organisationId: string): Promise<typeof DEFAULT_RULE> {
  const own = await tx.regleSuivi.findUnique({ where: { organisationId } });
  return (
    own ??
    (await tx.regleSuivi.findUnique({ where: { organisationId: DEFAULT_ORGANISATION } })) ??
    DEFAULT_RULE
  );
}
