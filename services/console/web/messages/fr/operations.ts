/** What a workflow is about, by its type. */
const SUJETS: Record<string, string> = {
  clientCreated: 'Nouveau client',
  invoiceCreated: 'Nouvelle facture',
  paymentReceived: 'Paiement reçu',
  paymentRejected: 'Paiement rejeté',
  contractSigned: 'Contrat signé',
  firstFollowUp: 'Premier suivi',
  invoiceReminder: 'Relances',
  paymentRetry: 'Nouvelle présentation',
};

/** What a handler does, by its name. */
const TRAITEMENTS: Record<string, string> = {
  email: 'mail',
  notifications: 'notification',
  dashboard: 'chiffres',
  relance: 'relances',
  commission: 'commission',
  retry: 'réessais',
  payments: 'échéancier',
  documents: 'archivage',
};

const pluriel = (nombre: number, un: string, plusieurs: string) => (nombre > 1 ? plusieurs : un);

export const operations = {
  exploitation: {
    titre: 'Exploitation',
    vu: (quand: string) => `Vérifié le ${quand}`,
    ancien: (quand: string) => `Vérifié le ${quand} : la dernière vérification n’a pas abouti`,
    verdicts: {
      0: '—',
      1: 'Tout va bien',
      2: 'À regarder',
      3: 'Alerte',
      4: 'On ne peut pas tout savoir',
    } as Record<number, string>,
    etats: { 0: '—', 1: 'bon', 2: 'à voir', 3: 'alerte', 4: 'inconnu' } as Record<number, string>,
    groupes: {
      0: 'Autre',
      1: 'Plateforme',
      2: 'Événements',
      3: 'Traitements',
      4: 'Métier',
    } as Record<number, string>,
    seuil: (seuil: string) => `seuil ${seuil}`,
    traitement: (type: string, handler: string) =>
      `${SUJETS[type] ?? type}, ${TRAITEMENTS[handler] ?? handler}`,
    echecs: {
      titre: 'En échec ou en retard, par cause',
      nombre: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'run ouvert', 'runs ouverts')}`,
      fois: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'fois', 'fois')}`,
      tronque: 'Il y en a plus que ce qui peut être lu : seuls les 10 000 plus récents sont comptés.',
      aucun: 'Aucun traitement n’est en échec ni en retard.',
      echec: 'échec',
      retard: 'retard',
      sansRaison: 'La raison est dans l’interface de Temporal.',
      depuis: (quand: string) => `depuis le ${quand}`,
      voir: 'Voir',
      cacher: 'Cacher',
      voirAide: (quoi: string) => `Voir les runs : ${quoi}`,
      relancer: 'Relancer',
      relancerAide: (quoi: string, nombre: number) => `Relancer ${nombre} : ${quoi}`,
      abandonner: 'Abandonner',
      abandonnerAide: (quoi: string, nombre: number) => `Abandonner ${nombre} : ${quoi}`,
    },
    runs: {
      client: 'Client',
      inconnu: 'Client inconnu',
      facture: 'Facture',
      raison: 'Raison',
      depuis: 'Depuis',
      temporal: 'Temporal',
      ouvrir: 'Ouvrir',
      ouvrirAide: (id: string) => `Ouvrir dans Temporal : ${id}`,
    },
    decisions: {
      combien: (nombre: number, dit: string) =>
        `${dit} ${pluriel(nombre, 'run est choisi.', 'runs sont choisis.')}`,
      avance: (faits: string, tous: string) => `${faits} résultats sur ${tous}`,
      fait: (faits: number, tous: number) =>
        faits === tous
          ? `Fait pour les ${tous}.`
          : `Fait pour ${faits} sur ${tous} : le reste est dit plus haut.`,
      redrive: {
        titre: (quoi: string) => `Relancer : ${quoi}`,
        effet:
          'Ce traitement est essayé à nouveau, pour eux seuls. Ce qui échoue entre-temps n’est pas touché.',
        bouton: 'Relancer',
      },
      skip: {
        titre: (quoi: string) => `Abandonner : ${quoi}`,
        effet: 'Ce traitement ne sera pas fait, pour eux seuls. Cela ne se défait pas.',
        bouton: 'Abandonner',
      },
    },
    issues: {
      titre: 'Ce qui en est résulté',
      de: (quoi: string) => `Résultat : ${quoi}`,
      nombres: {
        0: (_: number, dit: string) => dit,
        1: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'fait', 'faits')}`,
        2: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'échoue encore', 'échouent encore')}`,
        3: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'encore en essai', 'encore en essai')}`,
        4: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'abandonné', 'abandonnés')}`,
        5: (nombre: number, dit: string) =>
          `${dit} ${pluriel(nombre, 'n’attendait plus', 'n’attendaient plus')}`,
        6: (nombre: number, dit: string) => `${dit} ${pluriel(nombre, 'non atteint', 'non atteints')}`,
      } as Record<number, (nombre: number, dit: string) => string>,
      mots: { 2: 'échoue encore', 3: 'en essai', 6: 'non atteint' } as Record<number, string>,
      autres: (nombre: number) => `et ${nombre} autres`,
    },
    messages: {
      titre: 'Messages mis de côté',
      aucun: 'Aucun message n’est mis de côté.',
      sujet: 'Sujet',
      raison: 'Pourquoi',
      recu: 'Reçu',
      contenu: 'Contenu',
      redriveDeadLetters: {
        titre: (nombre: number) => `Publier à nouveau ${nombre} ${pluriel(nombre, 'message', 'messages')}`,
        effet: 'Chacun devient un workflow, une fois que ce qui n’allait pas est réparé.',
        bouton: 'Publier à nouveau',
        fait: (faits: number, tous: number) => `${faits} sur ${tous} publiés à nouveau.`,
      },
      discardDeadLetters: {
        titre: (nombre: number) => `Écarter ${nombre} ${pluriel(nombre, 'message', 'messages')}`,
        effet: 'Il n’en suivra rien. Votre nom et le motif sont gardés.',
        bouton: 'Écarter',
        fait: (faits: number, tous: number) => `${faits} sur ${tous} écartés.`,
      },
    },
  },
};
