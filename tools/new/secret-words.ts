/** Words that no event's field may have in its name: bank details, documents, secrets. */
export const SECRET_WORDS = new Set(
  (
    'iban bic swift rib titulaire mandat mandate rum ics compte account bank banque pan carte card cvv cvc ' +
    'password passe secret token jeton cle key apikey credential ' +
    'document fichier file contenu content corps body pdf html xml image photo piece attachment blob base64 ' +
    'siren siret nir ssn passeport naissance birth telephone phone adresse address rue commentaire note'
  ).split(' '),
);
