import { ToyNetwork } from './toy.network.js';

const { port } = await ToyNetwork.open(Number(process.env['TOY_PORT']), process.env['TOY_SECRET'] ?? '');
process.stdout.write(`the toy network listens on 127.0.0.1:${port}\n`);
