import type { Db } from '@crm/db';
import { entity, notFound, type Call, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Apporteur, type ApporteurServiceService } from '@crm/proto/commerciaux/commerciaux';

/** Apporteurs. Each earns by a barème, or nothing. */
export function apporteurs(db: Db): Methods<typeof ApporteurServiceService> {
  const apporteur = entity(db, {
    model: 'apporteur',
    plural: 'apporteurs',
    message: Apporteur,
    defaults: { organisationId: DEFAULT_ORGANISATION },
  });
  /** Barèmes are never deleted, so one that exists now stays. */
  const checkBareme = async (id: string | undefined): Promise<void> => {
    if (id && !(await db.baremeCommission.findUnique({ where: { id } }))) {
      throw notFound('baremeCommission', id);
    }
  };
  const mark = (actif: boolean) => (request: { id: string }, call: Call) =>
    apporteur.update({ ...request, actif } as { id: string }, call);
  return {
    ...apporteur,
    create: async (request, call) => {
      await checkBareme(request.baremeId);
      return await apporteur.create(request, call);
    },
    update: async (request, call) => {
      await checkBareme(request.baremeId);
      return await apporteur.update(request, call);
    },
    activer: mark(true),
    desactiver: mark(false),
  };
}
