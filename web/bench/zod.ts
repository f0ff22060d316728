import { z } from "zod";

/** The request as the SDK describes it with Zod, null allowed wherever a field is optional, and with the schema's ranges. */
function request(prompt: z.ZodTypeAny): z.ZodTypeAny {
  const int32 = 2 ** 31 - 1;
  return z
    .object({
      model: z.string().min(1),
      prompt,
      suffix: z.string().nullish(),
      echo: z.boolean().nullish(),
      max_tokens: z.number().int().min(0).max(int32).nullish(),
      stop: z.array(z.string()).max(4).nullish(),
      temperature: z.number().min(0).max(2).nullish(),
      top_p: z.number().min(0).max(1).nullish(),
      frequency_penalty: z.number().min(-2).max(2).nullish(),
      presence_penalty: z.number().min(-2).max(2).nullish(),
      logit_bias: z.record(z.string().regex(/^[0-9]{1,19}$/), z.number().min(-100).max(100)).nullish(),
      seed: z
        .number()
        .int()
        .min(-(2 ** 63))
        .max(2 ** 63)
        .nullish(),
      n: z.number().int().min(1).max(int32).nullish(),
      best_of: z.number().int().min(1).max(int32).nullish(),
      logprobs: z.number().int().min(0).max(20).nullish(),
      stream: z.boolean().nullish(),
      stream_options: z.object({ include_usage: z.boolean().nullish() }).strict().nullish(),
      user: z.string().nullish(),
    })
    .strict();
}

const texts = z.array(z.string()).min(1);
const tokens = z.array(z.number().int().min(0)).min(1);

export const requestOfTexts = request(texts);
export const requestOfTextsOrTokens = request(z.union([z.string(), texts, tokens, z.array(tokens).min(1)]));
