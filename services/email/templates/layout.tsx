import { greeting } from '@crm/domain';
import { Body } from '@react-email/body';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Heading } from '@react-email/heading';
import { Hr } from '@react-email/hr';
import { Html } from '@react-email/html';
import { Link } from '@react-email/link';
import { Preview } from '@react-email/preview';
import { Section } from '@react-email/section';
import { Text } from '@react-email/text';
import { createContext, useContext, type CSSProperties, type ReactNode } from 'react';
import { unbroken } from './formats.ts';

const FONT = 'Helvetica, Arial, sans-serif';
const ink: CSSProperties = { color: '#1f2933', fontFamily: FONT, fontSize: '16px', lineHeight: '24px' };
const quiet: CSSProperties = { color: '#5f6b7a', fontFamily: FONT, fontSize: '13px', lineHeight: '20px' };
const cell: CSSProperties = { borderBottom: '1px solid #dfe3e8', padding: '8px 0', verticalAlign: 'top' };
const label: CSSProperties = {
  fontWeight: 'normal',
  lineHeight: '24px',
  paddingRight: '16px',
};

const amount: CSSProperties = { paddingRight: 0, textAlign: 'right', whiteSpace: 'nowrap' };

// Mail programs with a dark mode keep style elements; others drop this one and show the inline light colours.
// On telephones it only narrows the margins.
const STYLES = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: #14171a !important; }
  .card { background-color: #1f2429 !important; border-color: #39414a !important; }
  .ink { color: #e8eaed !important; }
  .quiet { color: #a9b2bd !important; }
  .link { color: #8ab4f8 !important; }
  .rule, .recapitulatif th, .recapitulatif td { border-color: #39414a !important; }
}
@media (max-width: 480px) {
  .page { padding: 0 !important; }
  .page > table > tbody > tr > td { padding: 8px !important; }
  .inside { padding: 20px 16px 16px !important; }
}`;

/** The legal notices at the foot of every mail. */
export const Mentions = createContext<string | undefined>(undefined);

type LayoutProps = {
  /** The preview line that mail lists show after the subject. */
  apercu: string;
  titre: string;
  /** The name in the signature. */
  expediteur: string;
  /** The closing words above the signature. */
  salutations?: string;
  /** If omitted: the sender's team. */
  signature?: string;
  /** Why the recipient gets this mail, below the signature. */
  raison: string;
  children: ReactNode;
};

/** The frame of every mail: one column of at most 600 px, built from tables, in French. */
export const Layout = ({
  apercu,
  titre,
  expediteur,
  salutations = 'Bien cordialement,',
  signature = `L’équipe ${expediteur}`,
  raison,
  children,
}: LayoutProps) => (
  <Html lang="fr" dir="ltr">
    <Head>
      <title>{titre}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <style>{STYLES}</style>
    </Head>
    <Preview>{unbroken(apercu)}</Preview>
    <Body className="page" style={{ backgroundColor: '#f1f3f5', margin: 0, padding: '24px 12px' }}>
      <Container
        className="card"
        style={{
          backgroundColor: '#ffffff',
          border: '1px solid #dfe3e8',
          borderRadius: '8px',
          maxWidth: '600px',
          width: '100%',
        }}
      >
        <Section className="inside" style={{ padding: '32px 32px 24px' }}>
          <Text
            className="quiet"
            style={{ ...quiet, fontWeight: 'bold', margin: '0 0 16px' }}
            data-skip-in-text="true"
          >
            {expediteur}
          </Text>
          <Heading
            as="h1"
            className="ink"
            style={{ ...ink, fontSize: '24px', lineHeight: '32px', fontWeight: 'bold', margin: '0 0 16px' }}
          >
            {withWholeReferences(titre)}
          </Heading>
          {children}
          <Paragraph>
            {salutations}
            <br />
            {signature}
          </Paragraph>
          <Hr className="rule" style={{ borderColor: '#dfe3e8', margin: '24px 0 16px' }} />
          <Text className="quiet" style={{ ...quiet, margin: 0 }}>
            {withWholeReferences(raison)}
          </Text>
          <LegalMentions />
        </Section>
      </Container>
    </Body>
  </Html>
);

const LegalMentions = () => {
  const mentions = useContext(Mentions);
  return (
    mentions && (
      <Text className="quiet" style={{ ...quiet, fontSize: '12px', lineHeight: '18px', margin: '12px 0 0' }}>
        {mentions}
      </Text>
    )
  );
};

/** A paragraph of the text. */
export const Paragraph = ({ children }: { children: ReactNode }) => (
  <Text className="ink" style={{ ...ink, margin: '0 0 16px' }}>
    {children}
  </Text>
);

/** The greeting. */
export const Salutation = ({ prenom = '' }: { prenom?: string | undefined }) => (
  <Paragraph>{greeting({ prenom })}</Paragraph>
);

/** A line of a table: a label and a value. Lines without a value are left out. */
export type Ligne = { libelle: string; valeur: string | undefined; important?: boolean };

/** The facts of a mail, one below the other; in the text version in two aligned columns. */
export const Recapitulatif = ({ lignes }: { lignes: Ligne[] }) => (
  <table
    className="recapitulatif"
    cellPadding={0}
    cellSpacing={0}
    width="100%"
    style={{ borderCollapse: 'collapse', margin: '0 0 16px', width: '100%' }}
  >
    <tbody>
      {lignes
        .filter(({ valeur }) => valeur)
        .map(({ libelle, valeur, important }) => (
          <tr key={libelle}>
            <th scope="row" align="left" className="quiet" style={{ ...cell, ...quiet, ...label }}>
              {libelle}
            </th>
            <td
              align="right"
              className="ink"
              style={{ ...cell, ...ink, textAlign: 'right', fontWeight: important ? 'bold' : 'normal' }}
            >
              {valeur}
            </td>
          </tr>
        ))}
    </tbody>
  </table>
);

/** A line of a list: what it is, its amount, and below both something smaller. */
export type Poste = {
  libelle: string;
  valeur: string;
  important?: boolean;
  detail?: string;
  valeurDetail?: string;
};

/** A list with amounts, narrow enough for telephones; in the text version in two aligned columns. */
export const Liste = ({ entete, postes }: { entete: [string, string]; postes: Poste[] }) => (
  <table
    className="recapitulatif"
    cellPadding={0}
    cellSpacing={0}
    width="100%"
    style={{ borderCollapse: 'collapse', margin: '0 0 16px', width: '100%' }}
  >
    <tbody>
      <tr>
        <th align="left" className="quiet" style={{ ...cell, ...quiet, ...label }}>
          {entete[0]}
        </th>
        <th align="right" className="quiet" style={{ ...cell, ...quiet, ...label, ...amount }}>
          {entete[1]}
        </th>
      </tr>
      {postes.flatMap(({ libelle, valeur, important = true, detail, valeurDetail }) => {
        const weight = { fontWeight: important ? 'bold' : 'normal' } as const;
        const isLast = { ...cell, ...(detail && { borderBottom: 'none', paddingBottom: 0 }) };
        return [
          <tr key={libelle}>
            <th align="left" className="ink" style={{ ...isLast, ...ink, ...label, ...weight }}>
              {withWholeReferences(libelle)}
            </th>
            <td align="right" className="ink" style={{ ...isLast, ...ink, ...amount, ...weight }}>
              {valeur}
            </td>
          </tr>,
          detail && (
            <tr key={`${libelle} detail`}>
              <th align="left" className="quiet" style={{ ...cell, ...quiet, ...label, paddingTop: 0 }}>
                {detail}
              </th>
              <td align="right" className="quiet" style={{ ...cell, ...quiet, ...amount, paddingTop: 0 }}>
                {valeurDetail}
              </td>
            </tr>
          ),
        ];
      })}
    </tbody>
  </table>
);

/** A text in which numbers such as F-2026-0042 do not break at their hyphens. */
const withWholeReferences = (words: string): ReactNode[] =>
  words
    .split(/([\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+)/u)
    .map((part, index) => (index % 2 ? <Reference key={index}>{part}</Reference> : part));

/** A number that does not break at its hyphens. */
export const Reference = ({ children }: { children: string }) => (
  <span style={{ whiteSpace: 'nowrap' }}>{children}</span>
);

/** A link to a page. */
export const PageLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link className="link" href={href} style={{ color: '#1a56b0', textDecoration: 'underline' }}>
    {children}
  </Link>
);

/** The contact: an address becomes a link; a name or a telephone number stays as it is. */
export const Contact = ({ children }: { children: string }) =>
  /^[\w.+-]+@[\w.-]+$/.test(children) ? (
    <PageLink href={`mailto:${children}`}>{children}</PageLink>
  ) : (
    children
  );
