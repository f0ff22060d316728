// Has the clients for Node carry out cases, and writes down what each of them read. It judges nothing: build/clients holds
// the answers against the Go client's. The order comes as JSON on standard input, the answers leave on standard output.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { OpenAI as LangChain } from "@langchain/openai";
import { APICallError, generateText, streamText } from "ai";
import OpenAI from "openai";

/** A request in the words of the API. */
interface Body extends Record<string, unknown> {
  model: string;
  prompt: string | string[];
  stream?: boolean;
}

interface Order {
  client: string;
  /** The base address, which ends in /v1. */
  base: string;
  body: Body;
}

interface Choice {
  index: number;
  text: string;
  finish?: string;
  tokens?: string[];
  logprobs?: (number | null)[];
  top?: (Record<string, number> | null)[];
}

/** What a client read; what it has no place for is left out. */
interface Answer {
  model?: string;
  choices: Choice[];
  usage?: { prompt: number; completion: number };
  failure?: { status?: number; code?: string; type?: string; param?: string; message?: string };
}

type Client = (base: string, body: Body, answer: Answer) => Promise<void>;

const key = "none is needed";

const clients: Record<string, Client> = { openai, langchain, ai };

async function openai(base: string, body: Body, answer: Answer): Promise<void> {
  const client = new OpenAI({ baseURL: base, apiKey: key, maxRetries: 0 });
  const { stream, ...rest } = body;
  if (!stream) return addOpenAI(answer, await client.completions.create({ ...rest, stream: false }));
  for await (const chunk of await client.completions.create({ ...rest, stream: true })) addOpenAI(answer, chunk);
}

function addOpenAI(answer: Answer, piece: OpenAI.Completion): void {
  answer.model = piece.model;
  for (const part of piece.choices) {
    let choice = answer.choices.find((c) => c.index === part.index);
    if (!choice) {
      choice = { index: part.index, text: "" };
      answer.choices.push(choice);
    }
    choice.text += part.text;
    if (part.finish_reason) choice.finish = part.finish_reason;
    addLogprobs(choice, part.logprobs);
  }
  const { usage } = piece;
  if (usage) answer.usage = { prompt: usage.prompt_tokens, completion: usage.completion_tokens };
}

function addLogprobs(choice: Choice, logprobs: OpenAI.CompletionChoice.Logprobs | null | undefined): void {
  if (!logprobs) return;
  choice.tokens = [...(choice.tokens ?? []), ...(logprobs.tokens ?? [])];
  choice.logprobs = [...(choice.logprobs ?? []), ...(logprobs.token_logprobs ?? [])];
  choice.top = [...(choice.top ?? []), ...(logprobs.top_logprobs ?? [])];
}

/** LangChain's class for text models, with what it has no name for in modelKwargs. */
async function langchain(base: string, body: Body, answer: Answer): Promise<void> {
  const { model, prompt, stream, max_tokens, temperature, top_p, n, best_of, stop, ...rest } = body;
  const llm = new LangChain({
    model,
    maxRetries: 0,
    apiKey: key,
    configuration: { baseURL: base },
    streaming: stream === true,
    modelKwargs: rest,
    ...present({ maxTokens: max_tokens, temperature, topP: top_p, n, bestOf: best_of, stop }),
  });
  const result = await llm.generate([prompt].flat());
  for (const { text, generationInfo } of result.generations.flat()) {
    const choice: Choice = { index: answer.choices.length, text };
    if (generationInfo?.finishReason) choice.finish = generationInfo.finishReason;
    addLogprobs(choice, generationInfo?.logprobs);
    answer.choices.push(choice);
  }
  const usage = result.llmOutput?.tokenUsage;
  if (usage?.totalTokens) answer.usage = { prompt: usage.promptTokens, completion: usage.completionTokens };
}

/** The package ai, with what it has no name for in the provider's options. */
async function ai(base: string, body: Body, answer: Answer): Promise<void> {
  const { model, prompt, stream, max_tokens, temperature, top_p, stop, seed, stream_options, ...rest } = body;
  const provider = createOpenAICompatible({
    name: "demo",
    baseURL: base,
    apiKey: key,
    includeUsage: stream_options !== undefined,
  });
  const asked = {
    model: provider.completionModel(model),
    prompt: String(prompt),
    maxRetries: 0,
    providerOptions: { demo: rest as Record<string, string> },
    ...present({ maxOutputTokens: max_tokens, temperature, topP: top_p, stopSequences: stop, seed }),
  };
  const choice: Choice = { index: 0, text: "" };
  if (!stream) {
    const { text, finishReason, usage, response } = await generateText(asked);
    answer.choices.push({ ...choice, text, finish: finishReason });
    answer.model = response.modelId;
    addAI(answer, usage);
    return;
  }
  const result = streamText({ ...asked, onError: () => {} });
  for await (const part of result.fullStream) {
    if (part.type === "text-delta") {
      if (answer.choices.length === 0) answer.choices.push(choice);
      choice.text += part.text;
    }
    if (part.type === "error") throw part.error;
    if (part.type !== "finish-step") continue;
    if (answer.choices.length === 0) answer.choices.push(choice);
    choice.finish = part.finishReason;
    answer.model = part.response.modelId;
    addAI(answer, part.usage);
  }
}

function addAI(answer: Answer, usage: { inputTokens: number | undefined; outputTokens: number | undefined }): void {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens !== undefined && outputTokens !== undefined) {
    answer.usage = { prompt: inputTokens, completion: outputTokens };
  }
}

/** The members that have a value. */
function present(members: Record<string, unknown>): Record<string, never> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Record<
    string,
    never
  >;
}

/** What an error tells a program: the status, and the members of the server's error object. */
function failure(error: unknown): NonNullable<Answer["failure"]> {
  let status: number | undefined;
  let inner: unknown;
  if (APICallError.isInstance(error)) {
    status = error.statusCode;
    inner = (error.data as { error?: unknown } | undefined)?.error;
  } else if (error instanceof OpenAI.APIError || (error instanceof Error && "status" in error)) {
    ({ status, error: inner } = error as { status?: number; error?: unknown });
  } else {
    inner = error;
  }
  const text = (name: string) => {
    const value = (inner as Record<string, unknown> | undefined)?.[name];
    return typeof value === "string" ? value : undefined;
  };
  const own = error instanceof Error && inner === error; // the client's own words, which nobody else uses
  return own
    ? {}
    : {
        ...present({ status, code: text("code"), type: text("type"), param: text("param"), message: text("message") }),
      };
}

let order = "";
for await (const piece of process.stdin.setEncoding("utf8")) order += piece;
const answers: Answer[] = [];
for (const { client, base, body } of JSON.parse(order) as Order[]) {
  const run = clients[client];
  if (!run) throw new Error(`there is no client ${client}`);
  const answer: Answer = { choices: [] };
  try {
    await run(base, body, answer);
  } catch (error) {
    answer.failure = failure(error);
  }
  answers.push(answer);
}
process.stdout.write(JSON.stringify(answers));
