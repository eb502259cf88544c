// The keys of the prompts and of the head that reads them; part of config/fields.h.
#pragma once

namespace promptcl::config::detail {

template <class Self, class Field>
void visit_head(Self& self, Field& field) {
    field("vit_classifier", self.vit_classifier,
          "what the head sees: mean of the prompt tokens, cls, mean of all, or cls and prompts");
    field("norm_pre_logits", self.norm_pre_logits, "divide the features by their norm");
    field("weight_norm", self.weight_norm, "unit norm for the head's columns before each step");
    field("temperature", self.temperature, "logits are divided by it");
}

template <class Self, class Field>
void visit_prompts(Self& self, Field& field) {
    field("use_g_prompt", self.use_g_prompt, "general prompts, shared by all tasks");
    field("g_prompt_length", self.g_prompt_length, "tokens of a G-prompt");
    field("g_prompt_initializer", self.g_prompt_initializer, "start of the G-prompts, as below");
    field("g_prompt_layer_idx", self.g_prompt_layer_idx, "blocks with a G-prompt, from 0");
    field("use_prefix_tune_for_g_prompt", self.use_prefix_tune_for_g_prompt,
          "prefix of keys and values; false: tokens before the sequence");
    field("same_key_value_for_shared", self.same_key_value_for_shared,
          "the G-prefix of keys is that of values too");
    field("use_e_prompt", self.use_e_prompt, "prompts chosen from the pool for each image");
    field("e_prompt_layer_idx", self.e_prompt_layer_idx, "blocks with an E-prompt, from 0");
    field("use_prefix_tune_for_e_prompt", self.use_prefix_tune_for_e_prompt,
          "prefix of keys and values; false: tokens before the sequence");
    field("prompt_placement", self.prompt_placement,
          "where prompt tokens stand in the sequence; the head finds them in either place");
    field("prompt_position_embedding", self.prompt_position_embedding,
          "add the position embedding of cls to prompt tokens");
    field("query_augmentation", self.query_augmentation,
          "queries of training images come from the augmented image; false: from the image as it "
          "is, computed once");
    field("pull_constraint", self.pull_constraint, "pull the chosen keys towards the query");
    field("pull_constraint_coeff", self.pull_constraint_coeff, "weight of that pull");
}

template <class Self, class Field>
void visit_pool(Self& pool, Field& field) {
    field("prompt_pool_param.pool_size", pool.pool_size, "M: prompts in the pool");
    field("prompt_pool_param.length", pool.length, "L: tokens of a prompt");
    field("prompt_pool_param.top_k", pool.top_k, "N: prompts chosen for an image");
    field("prompt_pool_param.initializer", pool.initializer,
          "start of the prompts: U[0, r), U[-r, r), N(0, r) or 0, where r is init_range");
    field("prompt_pool_param.init_range", pool.init_range,
          "r: how far from 0 prompts and keys start");
    field("prompt_pool_param.prompt_key", pool.prompt_key,
          "learn the keys; false: a key is the mean of its prompt");
    field("prompt_pool_param.prompt_key_init", pool.prompt_key_init,
          "start of the keys, as of the prompts");
    field("prompt_pool_param.embedding_key", pool.embedding_key,
          "the query: frozen cls feature, or mean, max, max + 2 mean of the patch embedding");
    field("prompt_pool_param.batchwise_prompt", pool.batchwise_prompt,
          "a device's batch votes and shares its choice");
    field("prompt_pool_param.use_prompt_mask", pool.use_prompt_mask,
          "in training task t uses prompts tN to (t+1)N - 1");
    field("prompt_pool_param.shared_prompt_pool", pool.shared_prompt_pool,
          "a task starts with the prompts of the task before it");
    field("prompt_pool_param.shared_prompt_key", pool.shared_prompt_key,
          "a task starts with the keys of the task before it");
}

}  // namespace promptcl::config::detail
