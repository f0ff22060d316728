import banAToken from "../../../schema/examples/ban-a-token.json";
import lessRepetition from "../../../schema/examples/less-repetition.json";
import minimal from "../../../schema/examples/minimal.json";
import questionAndAnswer from "../../../schema/examples/question-and-answer.json";
import reproducible from "../../../schema/examples/reproducible.json";
import scoreAText from "../../../schema/examples/score-a-text.json";
import severalPrompts from "../../../schema/examples/several-prompts.json";
import tokenProbabilities from "../../../schema/examples/token-probabilities.json";

/** Texts to begin with. */
export interface Example {
  readonly title: string;
  readonly about: string;
  readonly text: string;
}

/** What a new page holds. */
export const firstText = `{
  "model": "demo-small",
  "prompt": ["The lighthouse keeper opened the door and"],
  "max_tokens": 64,
  "temperature": 0.7,
  "stream": true,
  "stream_options": {"include_usage": true}
}
`;

export const examples: readonly Example[] = [
  { title: "A first request", about: "Streams from the demo model.", text: firstText },
  {
    title: "Several choices, token by token",
    about: "Two prompts, two choices each, with log probabilities.",
    text: `{
  "model": "demo-small",
  "prompt": ["In the morning", "In the evening"],
  "n": 2,
  "max_tokens": 40,
  "temperature": 0.9,
  "logprobs": 5,
  "stream": true
}
`,
  },
  {
    title: "TypeScript, as an SDK documents it",
    about: "Pasted as it is; hints say what becomes of it.",
    text: `import { CompletionRequest } from "atoma-sdk/models/components";

let value: CompletionRequest = {
  frequencyPenalty: 0,
  logitBias: {
    "1234567890": 0.5,
    "1234567891": -0.5,
  },
  logprobs: 1,
  model: "meta-llama/Llama-3.3-70B-Instruct",
  n: 1,
  presencePenalty: 0,
  prompt: [
    "Hello!",
  ],
  seed: 123,
  stop: [
    "json([\\"stop\\", \\"halt\\"])",
  ],
  stream: false,
  suffix: "json(\\"\\n\\")",
  temperature: 0.7,
  topP: 1,
  user: "user-1234",
};
`,
  },
  {
    title: "Everything wrong at once",
    about: "Shows what the checking finds, and its fixes.",
    text: `{
  "model": "demo-small",
  "promt": "Once upon a time",
  "temperature": "0.7",
  "topP": 1.5,
  "max_tokens": 64.0,
  "best_of": 2,
  "n": 3,
  "stream_options": {"include_usage": true},
}
`,
  },
  of("The least there can be", "A model, a prompt, and where to stop.", minimal),
  of("Question and answer", "Stops at the line's end.", questionAndAnswer),
  of("Reproducible", "The same seed, the same answer.", reproducible),
  of("Several prompts", "Three prompts, two choices each.", severalPrompts),
  of("Token probabilities", "What else the model considered.", tokenProbabilities),
  of("Score a text", "Echo and log probabilities, nothing new.", scoreAText),
  of("Less repetition", "Both penalties at work.", lessRepetition),
  of("Ban a token", "A bias of −100 for one id.", banAToken),
];

/** The schema's own examples hold no number that JavaScript could not keep. */
function of(title: string, about: string, request: object): Example {
  return { title, about, text: `${JSON.stringify(request, null, 2)}\n` };
}
