import '../style/figures.css';
import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import {
  ChiffresService,
  type PointActivite,
  type PointDso,
  type RejetsParMotif,
  type RendementNiveau,
  type RendementTentative,
  type SemainePrevue,
} from '../../gen/proto/dashboard/chiffres_pb.ts';
import { MotifRejetService } from '../../gen/proto/referentiel/referentiel_pb.ts';
import { amount, count, shortDay } from '../format.ts';
import { language, useMessages } from '../messages/use-messages.ts';
import { noonOf, today } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { useTitle } from '../ui/use-title.ts';
import { Bars } from './bars.tsx';
import { FigurePanel, type FigureColumn } from './figure-panel.tsx';
import { PERIODS, type FiguresSearch } from './route.ts';

const route = getRouteApi('/frame/chiffres');

const locale = () => (language() === 'fr' ? 'fr-FR' : 'en-GB');
/** `12 k €` on an axis. */
const shortAmount = (cents: number) =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency: 'EUR', notation: 'compact' }).format(
    cents / 100,
  );
/** `nov. 26` for `2026-11`. */
const month = (text: string) =>
  new Intl.DateTimeFormat(locale(), { month: 'short', year: '2-digit' }).format(noonOf(`${text}-15`));
const percent = (part: bigint, whole: bigint) =>
  whole === 0n ? 0 : Math.round((Number(part) / Number(whole)) * 100);

/** The first day of the period: of `months` months, the last of which is today's. */
function firstDay(months: number): string {
  const [year = 0, now = 1] = today().split('-').map(Number);
  return new Date(Date.UTC(year, now - months, 1)).toISOString().slice(0, 10);
}

const money = <Row,>(title: string, value: (row: Row) => bigint): FigureColumn<Row> => ({
  ...{ title, file: value, isNumber: true },
  show: (row) => amount(value(row)),
});
const many = <Row,>(title: string, value: (row: Row) => bigint): FigureColumn<Row> => ({
  ...{ title, isNumber: true },
  show: (row) => count(Number(value(row))),
  file: (row) => Number(value(row)),
});
const days = <Row,>(title: string, value: (row: Row) => number | undefined): FigureColumn<Row> => ({
  ...{ title, isNumber: true },
  show: (row) => value(row)?.toLocaleString(locale()) ?? '–',
  file: (row) => value(row) ?? '',
});

const share = <Row,>(title: string, value: (row: Row) => number): FigureColumn<Row> => ({
  ...{ title, file: value, isNumber: true },
  show: (row) => `${value(row)} %`,
});

/** The figures of receivables: what they are, as pictures, tables and files. */
export function FiguresPage() {
  const m = useMessages();
  const { mois = 12 }: FiguresSearch = route.useSearch();
  const navigate = useNavigate({ from: '/chiffres' });
  const { org } = useOrganisation();
  useTitle(m.chiffres.titre);
  const asked = { organisationId: org, du: firstDay(mois), au: today() };
  return (
    <div className="chiffres">
      <header className="page-head">
        <div className="title">
          <h1>{m.chiffres.titre}</h1>
          <p className="quiet hint">{m.chiffres.aide}</p>
        </div>
        <ToggleButtonGroup
          className="segments"
          aria-label={m.chiffres.periode}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[String(mois)]}
          onSelectionChange={(keys) =>
            void navigate({
              search: (before) => ({
                ...before,
                mois: PERIODS.find((months) => String(months) === [...keys][0])!,
              }),
              replace: true,
            })
          }
        >
          {PERIODS.map((months) => (
            <ToggleButton key={months} id={String(months)}>
              {m.chiffres.mois(months)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </header>
      <div className="figure-grid">
        <ExpectedCash organisationId={org} />
        <Dso {...asked} />
        <Activity {...asked} />
        <Rejections {...asked} />
        <Yields {...asked} />
      </div>
    </div>
  );
}

type Asked = { organisationId: string; du: string; au: string };

function ExpectedCash({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const t = m.chiffres.prevus;
  const query = useQuery(ChiffresService.method.getEncaissementsPrevus, { organisationId });
  const weeks = query.data?.semaines ?? [];
  const isEmpty = query.data?.encours === 0n && weeks.every(({ attendu }) => attendu === 0n);
  return (
    <FigurePanel
      title={t.titre}
      file="encaissements-prevus"
      query={query}
      rows={isEmpty ? [] : weeks}
      keyOf={({ du }) => du}
      empty={t.vide}
      definition={<p>{t.definition(query.data?.tauxPrelevements ?? 90, query.data?.tauxPromesses ?? 70)}</p>}
      columns={[
        { title: t.semaine, show: ({ du }) => shortDay(du), file: ({ du }) => du },
        money<SemainePrevue>(t.prelevements, ({ prelevements }) => prelevements),
        money<SemainePrevue>(t.promesses, ({ promesses }) => promesses),
        money<SemainePrevue>(t.relances, ({ relances }) => relances),
        money<SemainePrevue>(t.habitudes, ({ habitudes }) => habitudes),
        money<SemainePrevue>(t.attendu, ({ attendu }) => attendu),
        money<SemainePrevue>(t.bas, ({ bas }) => bas),
        money<SemainePrevue>(t.haut, ({ haut }) => haut),
      ]}
    >
      {query.data && (
        <p className="key-figure">
          <strong>{amount(query.data.encours - query.data.auDela)}</strong>{' '}
          {t.sur(amount(query.data.encours))}
        </p>
      )}
      <Bars
        label={t.titre}
        parts={[t.prelevements, t.promesses, t.relances, t.habitudes]}
        format={shortAmount}
        bars={weeks.map((week) => ({
          name: shortDay(week.du).slice(0, 5),
          parts: [week.prelevements, week.promesses, week.relances, week.habitudes].map(Number),
          low: Number(week.bas),
          high: Number(week.haut),
        }))}
      />
    </FigurePanel>
  );
}

function Dso(asked: Asked) {
  const m = useMessages();
  const t = m.chiffres.dso;
  const query = useQuery(ChiffresService.method.getDso, asked);
  const points = query.data?.points ?? [];
  const last = points.at(-1);
  const inDays = ({ dixiemesDeJour }: PointDso) =>
    dixiemesDeJour === undefined ? undefined : dixiemesDeJour / 10;
  return (
    <FigurePanel
      title={t.titre}
      file="dso"
      query={query}
      rows={points}
      keyOf={({ mois }) => mois}
      empty={t.vide}
      definition={<p>{t.definition}</p>}
      columns={[
        { title: m.chiffres.leMois, show: ({ mois }) => month(mois), file: ({ mois }) => mois },
        days<PointDso>(t.jours, inDays),
        money<PointDso>(t.encours, ({ encours }) => encours),
        money<PointDso>(t.facture, ({ facture }) => facture),
      ]}
    >
      {last && (
        <p className="key-figure">
          <strong>
            {inDays(last) === undefined ? '–' : t.enJours(inDays(last)!.toLocaleString(locale()))}
          </strong>{' '}
          {t.au(shortDay(last.au))}
        </p>
      )}
      <Bars
        label={t.titre}
        parts={[t.jours]}
        format={(value) => String(value)}
        bars={points.map((point) => ({ name: month(point.mois), parts: [inDays(point) ?? 0] }))}
      />
    </FigurePanel>
  );
}

function Activity(asked: Asked) {
  const m = useMessages();
  const t = m.chiffres.activite;
  const query = useQuery(ChiffresService.method.getActivite, asked);
  const points = query.data?.points ?? [];
  const invoiced = ({ facture, avoirs }: PointActivite) => facture - avoirs;
  const received = ({ encaisse, retours, horsSuivi }: PointActivite) => encaisse - retours + horsSuivi;
  return (
    <FigurePanel
      title={t.titre}
      file="activite"
      query={query}
      rows={points}
      keyOf={({ mois }) => mois}
      empty={t.vide}
      definition={<p>{t.definition}</p>}
      columns={[
        { title: m.chiffres.leMois, show: ({ mois }) => month(mois), file: ({ mois }) => mois },
        money<PointActivite>(t.facture, ({ facture }) => facture),
        money<PointActivite>(t.avoirs, ({ avoirs }) => avoirs),
        money<PointActivite>(t.net, invoiced),
        money<PointActivite>(t.encaisse, ({ encaisse }) => encaisse),
        money<PointActivite>(t.retours, ({ retours }) => retours),
        money<PointActivite>(t.horsSuivi, ({ horsSuivi }) => horsSuivi),
        money<PointActivite>(t.recu, received),
      ]}
    >
      <Bars
        label={t.titre}
        isGrouped
        parts={[t.net, t.recu]}
        format={shortAmount}
        bars={points.map((point) => ({
          name: month(point.mois),
          parts: [Number(invoiced(point)), Number(received(point))].map((value) => Math.max(0, value)),
        }))}
      />
    </FigurePanel>
  );
}

function Rejections(asked: Asked) {
  const m = useMessages();
  const t = m.chiffres.rejets;
  const query = useQuery(ChiffresService.method.getRejets, asked);
  const { data: labels } = useQuery(MotifRejetService.method.list, { pageSize: 200 });
  const motifs = query.data?.motifs ?? [];
  const nameOf = (code: string) => {
    const label = labels?.motifs.find((motif) => motif.code === code)?.libelle;
    return code ? (label ? `${code} · ${label}` : code) : t.sansMotif;
  };
  return (
    <FigurePanel
      title={t.titre}
      file="rejets"
      query={query}
      rows={motifs}
      keyOf={({ motifRejet }) => motifRejet}
      empty={t.vide}
      definition={<p>{t.definition}</p>}
      columns={[
        {
          title: t.motif,
          show: ({ motifRejet }) => nameOf(motifRejet),
          file: ({ motifRejet }) => nameOf(motifRejet),
        },
        many<RejetsParMotif>(t.rejets, ({ rejets }) => rejets),
        money<RejetsParMotif>(t.montantRejets, ({ montantRejets }) => montantRejets),
        many<RejetsParMotif>(t.retours, ({ retours }) => retours),
        money<RejetsParMotif>(t.montantRetours, ({ montantRetours }) => montantRetours),
      ]}
    >
      <Bars
        label={t.titre}
        parts={[t.rejets, t.retours]}
        format={shortAmount}
        bars={motifs.slice(0, 12).map(({ motifRejet, montantRejets, montantRetours }) => ({
          name: motifRejet || '–',
          parts: [Number(montantRejets), Number(montantRetours)],
        }))}
      />
    </FigurePanel>
  );
}

function Yields(asked: Asked) {
  const m = useMessages();
  const t = m.chiffres.rendements;
  const query = useQuery(ChiffresService.method.getRendements, asked);
  const levels = query.data?.niveaux ?? [];
  const attempts = query.data?.tentatives ?? [];
  const paid = ({ suivisDePaiement, envois }: RendementNiveau) => percent(suivisDePaiement, envois);
  const collected = ({ encaissees, rejetees }: RendementTentative) =>
    percent(encaissees, encaissees + rejetees);
  return (
    <>
      <FigurePanel
        title={t.niveaux}
        file="rendement-relances"
        query={query}
        rows={levels}
        keyOf={({ niveau }) => String(niveau)}
        empty={t.sansRelance}
        definition={<p>{t.definitionNiveaux}</p>}
        columns={[
          { title: t.niveau, show: ({ niveau }) => niveau, file: ({ niveau }) => niveau },
          many<RendementNiveau>(t.envois, ({ envois }) => envois),
          many<RendementNiveau>(t.suivis, ({ suivisDePaiement }) => suivisDePaiement),
          share<RendementNiveau>(t.part, paid),
          money<RendementNiveau>(t.montant, ({ montant }) => montant),
          days<RendementNiveau>(t.delai, ({ delaiMedian }) => delaiMedian),
        ]}
      >
        <Bars
          label={t.niveaux}
          parts={[t.part]}
          format={(value) => `${value} %`}
          bars={levels.map((level) => ({ name: t.leNiveau(level.niveau), parts: [paid(level)] }))}
        />
      </FigurePanel>
      <FigurePanel
        title={t.tentatives}
        file="rendement-presentations"
        query={query}
        rows={attempts}
        keyOf={({ tentative }) => String(tentative)}
        empty={t.sansTentative}
        definition={<p>{t.definitionTentatives}</p>}
        columns={[
          { title: t.tentative, show: ({ tentative }) => tentative, file: ({ tentative }) => tentative },
          many<RendementTentative>(t.encaissees, ({ encaissees }) => encaissees),
          money<RendementTentative>(t.montant, ({ montantEncaisse }) => montantEncaisse),
          many<RendementTentative>(t.rejetees, ({ rejetees }) => rejetees),
          share<RendementTentative>(t.part, collected),
          days<RendementTentative>(t.delaiRejet, ({ delaiMedian }) => delaiMedian),
        ]}
      >
        <Bars
          label={t.tentatives}
          parts={[t.part]}
          format={(value) => `${value} %`}
          bars={attempts.map((attempt) => ({
            name: t.laTentative(attempt.tentative),
            parts: [collected(attempt)],
          }))}
        />
      </FigurePanel>
    </>
  );
}
