/** A centre of npm `smpp` that accepts everything, for the bench. Tells its port to the process that started it. */
import type { AddressInfo } from 'node:net';
import smpp from 'smpp';
import { helpIfAsked } from '#service';

helpIfAsked('smpp-centre.main.js: an SMPP centre that accepts everything. npm run bench starts this.\n');

let accepted = 0;
const server = smpp.createServer((session) => {
  session.on('bind_transceiver', (pdu) => session.send(pdu.response()));
  session.on('submit_sm', (pdu) => session.send(pdu.response({ message_id: String(++accepted) })));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => session.send(pdu.response()));
  session.on('error', () => session.close());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
