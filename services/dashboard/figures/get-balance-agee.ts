import { sql, type Db } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { invalid, readPageToken, writePageToken } from '@crm/kit';
import {
  GroupeBalance,
  TriBalance,
  type Anciennete,
  type BalanceAgee,
  type GetBalanceAgeeRequest,
} from '@crm/proto/dashboard/chiffres';
import { owedOn } from './owed-on.ts';

const DEFAULT_PAGE_SIZE = 50;

/** What a line of each group is identified by. */
const KEYS = {
  [GroupeBalance.PAR_CLIENT]: sql`c.client_id`,
  [GroupeBalance.PAR_RESPONSABLE]: sql`coalesce(k.gestionnaire_id, '')`,
  [GroupeBalance.PAR_SOCIETE]: sql`c.societe_id`,
  [GroupeBalance.PAR_ORGANISATION]: sql`c.organisation_id`,
  [GroupeBalance.PAR_FACTURE]: sql`c.invoice_id`,
};
const NAMES = {
  [GroupeBalance.PAR_CLIENT]: sql`max(k.nom)`,
  [GroupeBalance.PAR_RESPONSABLE]: sql`''`,
  [GroupeBalance.PAR_SOCIETE]: sql`max(c.societe)`,
  [GroupeBalance.PAR_ORGANISATION]: sql`''`,
  [GroupeBalance.PAR_FACTURE]: sql`max(c.numero)`,
};
const ORDERS = {
  [TriBalance.TOTAL]: sql`total`,
  [TriBalance.NOM]: sql`lower(coalesce(nullif(nom, ''), id)) COLLATE "und-x-icu"`,
  [TriBalance.NON_ECHU]: sql`"nonEchu"`,
  [TriBalance.RETARD_1_30]: sql`"retard130"`,
  [TriBalance.RETARD_31_60]: sql`"retard3160"`,
  [TriBalance.RETARD_61_90]: sql`"retard6190"`,
  [TriBalance.RETARD_PLUS_90]: sql`"retardPlus90"`,
};

type Row = Anciennete & {
  id: string;
  nom: string | null;
  clientId: string;
  organisationId: string;
  gestionnaireId: string;
  dateEcheance: string;
  lignes: number;
  totaux: Record<keyof Anciennete, string>;
};

/** The aging balance on a day. The caller has brought the facts up to date. */
export async function getBalanceAgee(
  db: Db,
  request: GetBalanceAgeeRequest,
  aJourAt: Date,
): Promise<BalanceAgee> {
  const { organisationId, clientId, gestionnaireId, societeId, croissant, pageToken } = request;
  const au = request.au || todayInParis();
  const given = <E extends string>(value: E, none: E, usual: E): E => (value === none ? usual : value);
  const groupe = given(
    request.groupe,
    GroupeBalance.UNSPECIFIED,
    GroupeBalance.PAR_CLIENT,
  ) as keyof typeof KEYS;
  const tri = given(request.tri, TriBalance.UNSPECIFIED, TriBalance.TOTAL) as keyof typeof ORDERS;
  const size = request.pageSize || DEFAULT_PAGE_SIZE;
  const after = pageToken ? Number(readPageToken(pageToken)) : 0;
  if (!Number.isSafeInteger(after))
    throw invalid('pageToken', 'must be the next_page_token of an earlier answer');
  const one = groupe === GroupeBalance.PAR_FACTURE || groupe === GroupeBalance.PAR_CLIENT;
  const late = sql`(${au}::date - c.date_echeance)`;
  const rows = await db.$queryRaw<Row[]>`
    WITH groupes AS (
      SELECT ${KEYS[groupe]} AS id, ${NAMES[groupe]} AS nom,
        ${one ? sql`max(c.client_id)` : sql`''`} AS "clientId",
        ${one ? sql`max(c.organisation_id)` : sql`''`} AS "organisationId",
        ${one ? sql`coalesce(max(k.gestionnaire_id), '')` : sql`''`} AS "gestionnaireId",
        ${groupe === GroupeBalance.PAR_FACTURE ? sql`max(c.date_echeance)::text` : sql`''`} AS "dateEcheance",
        coalesce(sum(reste) FILTER (WHERE ${late} <= 0), 0)::bigint AS "nonEchu",
        coalesce(sum(reste) FILTER (WHERE ${late} BETWEEN 1 AND 30), 0)::bigint AS "retard130",
        coalesce(sum(reste) FILTER (WHERE ${late} BETWEEN 31 AND 60), 0)::bigint AS "retard3160",
        coalesce(sum(reste) FILTER (WHERE ${late} BETWEEN 61 AND 90), 0)::bigint AS "retard6190",
        coalesce(sum(reste) FILTER (WHERE ${late} > 90), 0)::bigint AS "retardPlus90",
        sum(reste)::bigint AS total, count(*) AS nombre
      FROM ${owedOn(sql`${au}::date`)} c LEFT JOIN dashboard.clients k ON k.client_id = c.client_id
      WHERE true
        ${organisationId ? sql`AND c.organisation_id = ${organisationId}` : sql``}
        ${clientId ? sql`AND c.client_id = ${clientId}` : sql``}
        ${gestionnaireId ? sql`AND k.gestionnaire_id = ${gestionnaireId}` : sql``}
        ${societeId ? sql`AND c.societe_id = ${societeId}` : sql``}
      GROUP BY 1
    ), totaux AS (
      SELECT count(*)::int AS lignes, jsonb_build_object('nonEchu', sum("nonEchu")::text,
        'retard130', sum("retard130")::text, 'retard3160', sum("retard3160")::text,
        'retard6190', sum("retard6190")::text, 'retardPlus90', sum("retardPlus90")::text,
        'total', sum(total)::text, 'nombre', sum(nombre)::text) AS totaux
      FROM groupes
    )
    SELECT * FROM groupes, totaux
    ORDER BY ${ORDERS[tri]} ${croissant ? sql`ASC` : sql`DESC`}, id OFFSET ${after} LIMIT ${size + 1}`;
  const shown = rows.slice(0, size);
  const { lignes = 0, totaux } = rows[0] ?? {};
  const total = (key: keyof Anciennete) => BigInt(totaux?.[key] ?? 0);
  return {
    au,
    lignes: shown.map(({ id, nom, clientId: client, organisationId: organisation, ...row }) => ({
      ...{ id, nom: nom ?? '', clientId: client, organisationId: organisation },
      ...{ gestionnaireId: row.gestionnaireId, dateEcheance: row.dateEcheance },
      montants: row,
    })),
    totaux: {
      nonEchu: total('nonEchu'),
      retard130: total('retard130'),
      retard3160: total('retard3160'),
      retard6190: total('retard6190'),
      retardPlus90: total('retardPlus90'),
      total: total('total'),
      nombre: total('nombre'),
    },
    nombreLignes: lignes,
    nextPageToken: rows.length > size ? writePageToken(String(after + size)) : '',
    aJourAt,
  };
}
