/** The text of somebody: text alone, in which web addresses can be opened in another window. */
const LINKS = /(https?:\/\/[^\s<>"]+)/g;

export function LinkedText({ text }: { text: string }) {
  return (
    <span className="text">
      {text.split(LINKS).map((part, at) =>
        at % 2 === 1 ? (
          // Parts never move.
          <a key={at} href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </span>
  );
}
