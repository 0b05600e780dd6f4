import { useMessages } from '../messages/use-messages.ts';

/** Lines in the place of what is being read. */
export function Waiting({ lines = 5 }: { lines?: number }) {
  const m = useMessages();
  return (
    <div className="waiting" role="status" aria-label={m.chargement}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
