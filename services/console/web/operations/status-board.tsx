import { EtatPoint, GroupePoint, type Point, type Status } from '../../gen/proto/ops/ops_pb.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';

const GROUPS = [GroupePoint.PLATEFORME, GroupePoint.EVENEMENTS, GroupePoint.TRAITEMENTS, GroupePoint.METIER];
const CLASSES: Record<EtatPoint, string> = {
  [EtatPoint.ETAT_POINT_UNSPECIFIED]: '',
  [EtatPoint.BON]: 'good',
  [EtatPoint.ATTENTION]: 'warn',
  [EtatPoint.ALERTE]: 'bad',
  [EtatPoint.INCONNU]: 'warn',
};

/** Everything at a glance: what is wrong first, then each thing that was looked at. */
export function StatusBoard({ status, isOld }: { status: Status; isOld: boolean }) {
  const m = useMessages();
  const wrong = status.points.filter(({ etat }) => etat !== EtatPoint.BON);
  return (
    <section aria-labelledby="etat">
      <header className="page-head">
        <div className="title">
          <h1 id="etat">{m.exploitation.titre}</h1>
          <p className="quiet hint" role="status">
            {status.at &&
              (isOld ? m.exploitation.ancien(instant(status.at)) : m.exploitation.vu(instant(status.at)))}
          </p>
        </div>
      </header>
      <div className={`verdict ${CLASSES[status.etat]}`} role="status">
        <strong>{m.exploitation.verdicts[status.etat]}</strong>
        {wrong.length > 0 && (
          <span>{wrong.map(({ libelle, valeur }) => `${libelle} : ${valeur}`).join(' · ')}</span>
        )}
      </div>
      <div className="boards">
        {GROUPS.map((groupe) => (
          <section key={groupe} className="panel board" aria-label={m.exploitation.groupes[groupe]}>
            <h2>{m.exploitation.groupes[groupe]}</h2>
            <ul>
              {status.points
                .filter((point) => point.groupe === groupe)
                .map((point) => (
                  <Line key={point.cle} point={point} />
                ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}

function Line({ point: { libelle, etat, valeur, seuil, aide } }: { point: Point }) {
  const m = useMessages();
  return (
    <li>
      <span className={`mark ${CLASSES[etat]}`}>{m.exploitation.etats[etat]}</span>
      <span className="what">
        {libelle}
        {aide && <span className="quiet help">{aide}</span>}
      </span>
      <span className="value">
        {valeur}
        {seuil && etat !== EtatPoint.BON && <span className="quiet help">{m.exploitation.seuil(seuil)}</span>}
      </span>
    </li>
  );
}
