const PATHS = {
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Zm5 12 4 4',
  close: 'm6 6 12 12M18 6 6 18',
  down: 'm6 9 6 6 6-6',
  right: 'm9 6 6 6-6 6',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  debit: 'M4 10 12 5l8 5M5 10v8m4.7-8v8m4.6-8v8M19 10v8M4 19h16',
  retry: 'M5 12a7 7 0 1 1 2 5M5 18v-4h4',
  person: 'M12 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM5 20c.5-4 3.5-5.5 7-5.5s6.5 1.5 7 5.5',
  phone: 'M6 4h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v3c0 1-1 2-2 2A15 15 0 0 1 4 6c0-1 1-2 2-2Z',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5v14l11-7z',
  skip: 'M5 6v12l8-6zM18 6v12',
  send: 'M4 12 20 4l-5 16-3.5-6.5z',
  stop: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16ZM6.5 6.5l11 11',
  check: 'm5 12 4.5 4.5L19 7',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  up: 'm6 15 6-6 6 6',
  document: 'M7 4h7l4 4v12H7zM14 4v4h4M10 13h5M10 16h5',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 4v4.5l3 2',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words that say the same. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
