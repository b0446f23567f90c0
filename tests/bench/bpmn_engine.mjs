// The process on bpmn-engine, which is told on standard input how many instances to run; answers the seconds that they took.
// Each is started, its state taken as JSON at the user task, recovered from it, resumed and completed. The source is parsed once.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BpmnModdle } from 'bpmn-moddle';
import * as elements from 'bpmn-elements';
import { Engine } from 'bpmn-engine';
import { default as serializer, TypeResolver } from 'moddle-context-serializer';


const source = readFileSync(process.argv[2], 'utf8');
const context = serializer(await new BpmnModdle().fromXML(source), TypeResolver(elements));

async function one() {
  const first = new Engine({ name: 'one', sourceContext: context });
  const atTask = new EventEmitter();
  const waiting = new Promise((resolve) => atTask.once('activity.wait', resolve));
  await first.execute({ listener: atTask });
  await waiting;
  const stored = JSON.stringify(await first.getState());
  await first.stop();

  const second = new Engine({ name: 'one' }).recover(JSON.parse(stored));
  const again = new EventEmitter();
  again.once('activity.wait', (api) => api.signal());
  const over = new Promise((resolve, reject) => {
    second.once('end', resolve);
    second.once('error', reject);
  });
  await second.resume({ listener: again });
  await over;
  if (JSON.stringify(await second.getState()).length === 0) throw new Error('nothing was written');
}

for await (const line of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  for (let i = 0; i < Number(line); i++) await one();
  console.log(Number(process.hrtime.bigint() - began) / 1e9);
}
