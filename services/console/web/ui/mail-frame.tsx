import { useMessages } from '../messages/use-messages.ts';

type Props = {
  /** The address of the mail: `/courriels/…`. */
  src: string;
  sujet: string;
};

/** A mail as the client reads it, in a frame that runs nothing and loads nothing (`mail-frames.ts`). */
export function MailFrame({ src, sujet }: Props) {
  const m = useMessages();
  return <iframe className="mail" sandbox="" src={src} title={m.mail.cadre(sujet)} />;
}
