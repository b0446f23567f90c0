// npm camunda-external-task-client-js: polls, and hands each task to a function.
import { Client, Variables } from "camunda-external-task-client-js";

const [base, token, key] = process.argv.slice(2);
const signed = { Authorization: `Bearer ${token}` };
const sign = (config) => ({ ...config, headers: { ...config.headers, ...signed } });
const day = "2026-01-01T00:00:00.000+0000";
const file = { value: Buffer.from("hello").toString("base64"), type: "File", valueInfo: { filename: "a.txt", mimeType: "text/plain" } };

const fail = (error) => {
  console.error(error);
  process.exit(1);
};
const ensure = (fact, what) => fact || fail(new Error(what));

const answer = await fetch(`${base}/process-definition/key/${key}/start`, {
  method: "POST",
  headers: { ...signed, "Content-Type": "application/json" },
  body: JSON.stringify({
    businessKey: "B-1",
    variables: {
      weight: { value: 3 },
      parts: { value: '{"a": [1]}', type: "Json" },
      day: { value: day, type: "Date" },
      file,
    },
  }),
});
const { id } = await answer.json();

let tries = 0;
const client = new Client({ baseUrl: base, workerId: "worker-1", interceptors: sign, asyncResponseTimeout: 30000, interval: 1, maxTasks: 1 });
for (const event of ["poll:error", "handler:error", "complete:error", "handleFailure:error", "handleBpmnError:error"]) {
  client.on(event, (...details) => fail(details.at(-1)));
}
client.subscribe("scales", { includeExtensionProperties: true }, async ({ task, taskService }) => {
  tries += 1;
  if (tries === 1) {
    ensure(task.variables.get("weight") === 3, "the weight is a number");
    ensure(task.variables.get("parts").a[0] === 1, "JSON is read");
    ensure(task.variables.get("day").getTime() === Date.parse("2026-01-01T00:00:00.000Z"), "a date is a date");
    ensure((await task.variables.get("file").load()).content.toString() === "hello", "a file is loaded");
    ensure(task.extensionProperties.hint === "gently", "properties come along");
    await taskService.extendLock(task, 90000);
    await taskService.handleFailure(task, { errorMessage: "it hangs", errorDetails: "trace", retries: 1, retryTimeout: 0 });
    console.log("failed");
    return;
  }
  const variables = new Variables().set("weight", 4).set("seen", new Date(0));
  if (key === "erring") {
    await taskService.handleBpmnError(task, "BROKEN", "it broke", variables);
    console.log("error");
  } else {
    await taskService.complete(task, variables, new Variables().set("mine", true));
    console.log("completed");
  }
  console.log(id);
  process.exit(0);
});
