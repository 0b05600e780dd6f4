import { renderTemplate } from './render-template.ts';

const usual = {
  expediteur: 'Suivi',
  contact: 'contact@suivi.invalid',
  aujourdhui: '2026-07-01',
  paiement: 'par virement',
};
const bienvenue = (variables: Record<string, string>) =>
  renderTemplate('bienvenue', { ...usual, ...variables });

test('the welcome mail, as text', async () => {
  const { sujet, texte } = await bienvenue({ prenom: 'Zoé', nom: 'Lefèvre' });
  expect(sujet).toBe('Bienvenue chez Suivi');
  expect(texte.replaceAll('\u00a0', ' ')).toBe(`Bienvenue chez Suivi

Bonjour Zoé,

Nous vous remercions de votre confiance. Votre dossier client est désormais ouvert, au nom suivant : Zoé Lefèvre.

Vous n’avez aucune démarche à effectuer pour le moment : votre interlocuteur prendra contact avec vous prochainement pour faire le point sur vos attentes.

Une question, des coordonnées à corriger ? Votre contact : contact@suivi.invalid

Bien cordialement,
L’équipe Suivi

----------------------------------------

Vous recevez ce message, envoyé automatiquement, parce qu’un dossier client vient d’être ouvert avec cette adresse e-mail. Si ce message ne vous concerne pas, merci de nous le signaler.`);
});

test('the welcome mail, as HTML for mail clients', async () => {
  const { html } = await bienvenue({ prenom: 'Zoé', nom: 'Lefèvre' });
  expect(html).toMatch(/<html[^>]* lang="fr"/);
  expect(html).toContain('max-width:600px');
  expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
  expect(html).toMatch(/display:none[^>]*>Votre dossier client est ouvert\./);
  expect(html).toContain('Bonjour Zoé,');
  expect(html).toContain('href="mailto:contact@suivi.invalid"');
  expect(html).not.toMatch(/<script|<img|https?:\/\/(?!www\.w3\.org)/);
});

test('without a first name, as for a company, it greets formally and names the client still', async () => {
  for (const variables of [{ nom: 'SARL Été' }, { nom: 'SARL Été', prenom: '  ' }]) {
    const { texte } = await bienvenue(variables);
    expect(texte).toContain('Madame, Monsieur,');
    expect(texte).toContain('au nom suivant\u00a0: SARL Été.');
    expect(texte).not.toMatch(/undefined|Bonjour/);
  }
});

test('values are text, whatever they look like', async () => {
  const { html, texte } = await bienvenue({
    prenom: '<script>alert(1)</script>',
    nom: `"><img src=x onerror='y'> & Été`,
    contact: 'javascript:alert(1)',
  });
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|<img|href="javascript/);
  expect(texte).toContain(`: <script>alert(1)</script> "><img src=x onerror='y'> & Été.`);
});

test.each([
  ['a template that there is not', 'bonjour', { nom: 'X' }, /^modele: .*bienvenue/],
  ['a name that objects have', 'constructor', { nom: 'X' }, /^modele: /],
  ['a variable left out', 'bienvenue', { prenom: 'Zoé' }, /^variables\.nom: is required/],
  ['a blank one', 'bienvenue', { nom: ' \t' }, /^variables\.nom: is required/],
  ['a line break', 'bienvenue', { nom: 'X\r\nBcc: y@example.org' }, /^variables\.nom: must be one line/],
  [
    'a line break in the subject',
    'bienvenue',
    { nom: 'X', expediteur: 'S\nBcc: y' },
    /^variables\.expediteur: /,
  ],
  ['text turned around', 'bienvenue', { nom: 'X\u202eY' }, /^variables\.nom: must be one line/],
])('refuses %s', async (_, modele, variables, message) => {
  await expect(renderTemplate(modele, { ...usual, ...variables })).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(message) as string,
  });
});
