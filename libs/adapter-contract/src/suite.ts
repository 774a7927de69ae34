/**
 * The contract suite, which every adapter passes against a server of its network. All run the same plays, with a person
 * of the network under test on one side, a person of the test network on the other. T-numbers are those of the test
 * catalogue for interconnection; cases of the catalogue that concern the switch only are tested with the switch.
 */
import { calls } from './calls.plays.js';
import { Cast } from './cast.js';
import { content } from './content.plays.js';
import { conversation } from './conversation.plays.js';
import { profiles } from './profile.plays.js';
import { identities } from './identities.plays.js';
import { lateOutcomes } from './late-outcomes.plays.js';
import { nativeMessages } from './native-messages.plays.js';
import { notCarried } from './not-carried.plays.js';
import { references } from './references.plays.js';
import { text } from './text.plays.js';
import { restarts } from './restarts.plays.js';
import { rooms } from './rooms.plays.js';
import { roomsThatChange } from './rooms-that-change.plays.js';
import { time } from './time.plays.js';
import type { Expectation, Stage } from './stage.js';

/** Declares the cases; `stage()` is called when they run. */
export function contractSuite(name: string, expected: Expectation, stage: () => Stage): void {
  describe(`the contract, kept by ${name}`, () => {
    const cast = new Cast(expected, stage);
    afterAll(() => cast.files.remove());
    conversation(cast);
    references(cast);
    content(cast);
    profiles(cast);
    identities(cast);
    rooms(cast);
    roomsThatChange(cast);
    nativeMessages(cast);
    time(cast);
    text(cast);
    notCarried(cast);
    lateOutcomes(cast);
    calls(cast);
    restarts(cast);
  });
}
