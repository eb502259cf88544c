// Every key of the configuration, with its help text, in the order in which it is shown.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/config/continual_fields.h"
#include "promptcl/config/evaluation_fields.h"
#include "promptcl/config/images_fields.h"
#include "promptcl/config/prompt_fields.h"

namespace promptcl::config {
namespace detail {

template <class Self, class Field>
void visit_model(Self& self, Field& field) {
    field("method", self.method,
          "what learns; sets defaults of its own, see docs/configuration.md");
    field("model_name", self.model_name, "shape of the ViT; \"auto\" reads it from the checkpoint");
    field("init_checkpoint", self.init_checkpoint,
          "pre-trained ViT: public .npz, or .safetensors of timm or Hugging Face");
    field("gelu", self.gelu, "\"tanh\" approximation, or exact \"erf\" as timm has it");
    field("freeze_part", self.freeze_part, "parameters whose path holds one of these stay frozen");
}

template <class Self, class Field>
void visit_data(Self& self, Field& field) {
    field("dataset", self.dataset, "what is learned, of `promptcl list datasets`");
    field("data_dir", self.data_dir, "folder of the data set; \"synthetic\" needs none");
    field("data_split", self.data_split,
          "file that names the test images, one path a line; empty: the data set's own split, or "
          "one image in five drawn");
    field("cache_dir", self.cache_dir,
          "folder where decoded images and query features are kept; empty: image-cache beside the "
          "run folder");
    field("query_cache", self.query_cache,
          "keep the query features of images that are not augmented in cache_dir");
    visit_images(self.images, field);
    field("dataset_list", self.dataset_list,
          "what five_datasets joins, in the order it is learnt; []: its five");
    field("split_core50", self.split_core50,
          "CORe50: each session is tested on the last fifth of its own images");
    field("imr_eval", self.imr_eval,
          "ImageNet-R: test on a fifth of the training images instead of the test images");
    field("subsample_rate", self.subsample_rate,
          "percent of each split that is kept; -1 keeps all");
    field("subsample_order", self.subsample_order,
          "which part subsample_rate keeps: drawn from each class, or the first of the split");
    field("reverse_task", self.reverse_task, "learn the tasks in reverse order");
    field("gaussian_schedule", self.gaussian_schedule,
          "task-free: num_tasks episodes in which classes come and go smoothly");
    visit_continual(self.continual, field);
    visit_augmentation(self.images, field);
    auto& synthetic = self.synthetic;
    field("synthetic.part", synthetic.part, "the 20 classes to learn, or the 20 to pre-train on");
    field("synthetic.train_per_class", synthetic.train_per_class, "training images of a class");
    field("synthetic.test_per_class", synthetic.test_per_class, "test images of a class");
    field("synthetic.seed", synthetic.seed, "seed of the drawn images");
}

template <class Self, class Field>
void visit_training(Self& self, Field& field) {
    field("per_device_batch_size", self.per_device_batch_size,
          "images of one device's batch, among which the batch-wise vote is taken");
    field("num_devices", self.num_devices, "devices, emulated in one process; they share a step");
    field("num_epochs", self.num_epochs, "epochs of a task");
    field("optim", self.optim, "optimizer; \"sgd\" has Nesterov momentum");
    field("sgd_momentum", self.sgd_momentum, "momentum of \"sgd\"");
    field("learning_rate", self.learning_rate, "for a batch of 256; scaled by global batch / 256");
    field("learning_rate_schedule", self.learning_rate_schedule, "course of the rate over a task");
    field("warmup_epochs", self.warmup_epochs, "epochs of linear warm-up at the start of a task");
    field("min_learning_rate", self.min_learning_rate,
          "floor of the rate after warm-up, for a batch of 256");
    field("weight_decay", self.weight_decay, "0 switches it off");
    field("grad_clip_max_norm", self.grad_clip_max_norm, "0 switches clipping off");
    field("grad_clip_scope", self.grad_clip_scope,
          "whose gradients the norm counts: \"all\" includes the frozen weights");
    field("reinit_optimizer", self.reinit_optimizer, "make the optimizer anew for each task");
    field("optim_wd_ignore", self.optim_wd_ignore,
          "parameters whose path holds one of these decay by no weight_decay");
    field("no_train", self.no_train,
          "fill the replay buffer with each task, train nothing but reviews");
    field("review_last_only", self.review_last_only, "review after the last task only");
}

template <class Self, class Field>
void visit_run(Self& self, Field& field) {
    visit_evaluation(self.evaluation, field);
    field("log_loss_every_steps", self.log_loss_every_steps, "steps between written losses");
    field("checkpoint_every_steps", self.checkpoint_every_steps, "steps between checkpoints");
    field("seed", self.seed, "seed of every random draw of the run");
    field("device", self.device,
          "what computes the frozen ViT; prompts, keys and head stay on the CPU");
    field("precision", self.precision,
          "of the frozen ViT on a GPU; prompts, keys, head and optimizer are float32");
    field("cuda_graphs", self.cuda_graphs,
          "a GPU records the passes that come again and again, and repeats them");
    field("engine", self.engine,
          "what computes the frozen ViT on CPUs: \"plain\" LibTorch, the \"native\" CPU engine, or "
          "native "
          "wherever it can");
    field("num_threads", self.num_threads, "threads for tensor work; 0: one for each usable CPU");
    field("num_workers", self.num_workers, "threads that prepare images");
}

}  // namespace detail

template <class Self, class Field>
void Config::visit(Self& self, Field&& field) {
    detail::visit_model(self, field);
    detail::visit_data(self, field);
    detail::visit_training(self, field);
    detail::visit_head(self, field);
    detail::visit_prompts(self, field);
    detail::visit_pool(self.prompt_pool_param, field);
    detail::visit_regularisers(self, field);
    detail::visit_run(self, field);
}

}  // namespace promptcl::config
