import type { Transport } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from './failure.tsx';
import { Icon } from './icon.tsx';
import { say } from './said.tsx';

/** A file for the person at the screen. */
type File = { name: string; type: string; content: BlobPart[] };

type Props = {
  label: string;
  name: string;
  /** Its media type: `application/pdf`. */
  type: string;
  /** The pieces of the file: what an RPC streams, or what was made here. */
  pieces: (transport: Transport) => AsyncIterable<{ contenu: Uint8Array }>;
  /** For screen readers, where the label alone does not say of what. */
  describedAs?: string;
  isPlain?: boolean;
};

/** A button that downloads a file. */
export function Download({ label, name, type, pieces, describedAs, isPlain = false }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const { mutate, error, isPending } = useMutation({
    async mutationFn() {
      const content: BlobPart[] = [];
      for await (const { contenu } of pieces(transport)) content.push(new Uint8Array(contenu));
      saveFile({ name, type, content });
    },
    onSuccess: () => say(m.telecharge(name)),
  });
  return (
    <>
      <Button
        className={isPlain ? 'button plain' : 'button'}
        onPress={() => mutate()}
        isPending={isPending}
        {...(describedAs && { 'aria-label': describedAs })}
      >
        <Icon name="download" />
        {isPending ? m.enCours : label}
      </Button>
      {error && <Failure error={error} />}
    </>
  );
}

/** Puts a file where the browser puts downloads. */
export function saveFile({ name, type, content }: File): void {
  const url = URL.createObjectURL(new Blob(content, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has begun to read it when the click has been handled
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
