import { CanalRelance } from '@crm/proto/relance/relance';
import { delayInWords } from './delay-in-words.ts';

const TITLES: Partial<Record<CanalRelance, string>> = {
  [CanalRelance.APPEL]: 'Relance par téléphone',
  [CanalRelance.LETTRE]: 'Mise en demeure par lettre',
};

/** A level as people say it: "Relance J+15", "Relance par téléphone J+20". */
export const levelInWords = (level: { canal: CanalRelance; base: string; delai: string }): string =>
  `${TITLES[level.canal] ?? 'Relance'} ${delayInWords(level)}`;

/** What a level is: "appel", "lettre", or the template of its mail. */
export const channelInWords = ({ canal, modele }: { canal: CanalRelance; modele: string }): string => {
  switch (canal) {
    case CanalRelance.APPEL:
      return 'appel';
    case CanalRelance.LETTRE:
      return 'lettre';
    default:
      return modele;
  }
};
