/** A conversation in a terminal: carries out what is typed, one line after the other, and prints what is seen, in order. */
import { addressOf, Network } from '#protocol';
import { NotHere, type Act, type RemotePerson, type Sight } from '#simulators';
import { helpText, readCommand, usageOf, type Command, type OwnLine } from './commands.js';
import { checkFile, pathOf } from './own-file.js';
import { qrCodeInText } from './qr-code-in-text.js';
import { mediaFacts } from './received-media.js';
import { cleaned, paints, presenceInWords, shownSight, timeOf } from './show.js';
import type { CommandName, PhoneWords } from './words.js';

/** Lines of one's own that can still be edited or recalled. */
const MAX_OWN_LINES = 1000;
const SHOWN_OF_OWN = 60;

export interface TerminalPhoneOptions {
  words: PhoneWords;
  network: string;
  /** The one account through which everybody is reached. */
  channel: string | undefined;
  /** File names that are not absolute begin here. */
  folder: string;
  colours: boolean;
  print: (text: string) => void;
  /** The text of a new QR code, with which a person of this network pairs the contact of the hub. */
  pairingCode: () => Promise<string>;
}

type Player = Pick<RemotePerson, 'name' | 'timeline' | 'onSight' | 'act' | 'contacts'>;

export class TerminalPhone {
  private peer: string | undefined;
  private readonly own = new Map<number, OwnLine>();
  private sent = 0;
  private doing: Promise<unknown> = Promise.resolve();
  private showing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly person: Player,
    private readonly options: TerminalPhoneOptions,
  ) {
    this.peer = options.channel;
  }

  start(): void {
    const { words, network, channel, print } = this.options;
    print(words.start(this.person.name, network));
    if (channel !== undefined) print(words.writingToChannel(channel));
    // What the person sent is printed when it is typed.
    this.person.onSight((sight) => {
      if (sight.kind !== 'sent') this.showing = this.showing.then(() => this.show(sight));
    });
  }

  /** @returns true when the person hangs up; never fails: what goes wrong is printed */
  type(line: string): Promise<boolean> {
    const done = this.doing.then(() => this.read(line));
    this.doing = done;
    return done;
  }

  /** When all that was typed is done. */
  async idle(): Promise<void> {
    await this.doing;
    await this.showing;
  }

  private async read(line: string): Promise<boolean> {
    const { words, print, colours } = this.options;
    try {
      const command = readCommand(line, {
        peer: this.peer,
        sightOf: (n) => this.person.timeline.find((sight) => sight.n === n),
        ownOf: (n) => this.own.get(n),
        addressed: (who) => this.addressed(who),
        words,
      });
      await this.carryOut(command, line);
      return command.do === 'quit';
    } catch (error) {
      print(paints(colours).red(this.complaint(error, line)));
      return false;
    }
  }

  /** Where every ghost has an address of its own: `person@network` stands for that address. */
  private addressed(who: string): string {
    const at = who.lastIndexOf('@');
    if (this.options.channel !== undefined || at < 1 || who.startsWith('im:')) return who;
    const where = Network.safeParse(who.slice(at + 1).toLowerCase());
    return where.success ? addressOf(where.data, who.slice(0, at)) : who;
  }

  private complaint(error: unknown, line: string): string {
    const { words, network } = this.options;
    const [, name = ''] = /^\s*[/／](\S+)/.exec(line) ?? [];
    if (error instanceof NotHere) {
      const command = Object.hasOwn(words.commands, name) ? usageOf(name as CommandName, words) : error.act;
      return words.notHere(network, command);
    }
    return words.refused(error instanceof Error ? cleaned(error.message, 1000, words) : String(error));
  }

  private async carryOut(command: Command, line: string): Promise<void> {
    const { words, print, folder } = this.options;
    switch (command.do) {
      case 'nothing':
      case 'quit':
        return;
      case 'help':
        return print(helpText(words));
      case 'wrong':
        return print(command.why);
      case 'to':
        this.peer = command.peer;
        return print(words.writingTo(command.peer));
      case 'contacts':
        return print(await this.contacts());
      case 'pair': {
        const code = await this.options.pairingCode();
        print(qrCodeInText(code));
        return this.act({ do: 'add', who: code }, line);
      }
      case 'file': {
        const { what, to } = command;
        const path = pathOf(command.path, folder);
        await checkFile(path, what, words);
        return this.act({ do: 'send', to, what, fields: {}, file: path }, line);
      }
      case 'act':
        return this.act(command.act, line);
    }
  }

  private async act(act: Act, line: string): Promise<void> {
    const { id } = await this.person.act(act);
    const { words, colours, print } = this.options;
    if (act.do !== 'write' && act.do !== 'send' && act.do !== 'place') return print(words.done);
    const text = act.do === 'write' ? act.text : line.trim();
    this.own.set(++this.sent, { to: act.to, id, text });
    this.own.delete(this.sent - MAX_OWN_LINES);
    const shown = cleaned(text, SHOWN_OF_OWN, words);
    print(paints(colours).grey(`${timeOf(new Date())} +${this.sent} → ${act.to}: ${shown}`));
  }

  private async contacts(): Promise<string> {
    const { words } = this.options;
    const contacts = await this.person.contacts();
    const lines = contacts.map(({ native, name, state }) => {
      const called = name === native ? '' : cleaned(name, 200, words);
      return `  ${cleaned(native, 200, words).padEnd(28)} ${called}  ${presenceInWords(state, words)}`;
    });
    return lines.join('\n') || words.noContacts;
  }

  private async show(sight: Sight): Promise<void> {
    const { words, colours, print } = this.options;
    const facts = sight.media ? await mediaFacts(sight.media.url) : undefined;
    print(shownSight(sight, { words, colours, facts, lineOf: (id) => this.lineOf(id) }));
  }

  private lineOf(id: string): string {
    for (const [n, own] of this.own) if (own.id === id) return `+${n}`;
    return String(this.person.timeline.find((sight) => sight.id === id)?.n ?? '');
  }
}
