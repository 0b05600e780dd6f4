import { TypeEntite } from '@crm/proto/documents/documents';
import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** Handlers of the documents service. */
export const documentsHandlers = ({ contrats, documents }: Services) =>
  ({
    async archiveSignedContract({ contratId, organisationId }, { metadata, deadlineMs }) {
      const { nomFichier, contenu } = await contrats.getPdf({ id: contratId }, { deadlineMs });
      const { id } = await documents.create(
        {
          organisationId,
          typeEntite: TypeEntite.CONTRAT,
          entiteId: contratId,
          nomFichier,
          contenu,
          archivee: true,
        },
        { metadata, deadlineMs },
      );
      return { done: id };
    },
  }) satisfies Partial<Handlers>;
