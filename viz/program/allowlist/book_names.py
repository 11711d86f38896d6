"""The review of `d2l`, the library of the book "Dive into Deep Learning", and of `einops`.

All of it is programs in the language of typed code (`viz.tracing.typed.libraries.written`): what
their names can do anybody may type. The tables have the shape of those in `reviewed.py`, which
takes them in.
"""

from __future__ import annotations

from viz.program.allowlist.words import these

LET_IN: dict[str, set[str]] = {}
STAND_INS: dict[str, set[str]] = {
    "einops": these(
        "rearrange repeat reduce einsum pack unpack parse_shape asnumpy EinopsError layers"
    ),
    "einops.layers": these("torch"),
    "einops.layers.torch": these("Rearrange Reduce"),
    "torchsummary": these("summary"),
    "d2l": these("torch"),
    "d2l.torch": these(
        # of torch
        "ones ones_like zeros zeros_like tensor arange meshgrid sin sinh cos cosh tanh linspace exp"
        " log normal rand randn matmul int32 int64 float32 stack abs eye sigmoid"
        # modules
        " plt torch nn F"
        # of the book: small things
        " cat concat batch_matmul expand_dims swapaxes repeat"
        " nn_Module numpy size to reshape reduce_sum reduce_mean argmax astype transpose"
        " cpu gpu num_gpus try_gpu try_all_gpus use_svg_display set_figsize set_axes plot Timer"
        " Accumulator Animator Benchmark annotate show_images show_heatmaps show_trace_2d train_2d"
        " check_len check_shape"
        # data and training
        " synthetic_data linreg squared_loss sgd data_iter load_array evaluate_loss accuracy"
        " add_to_class HyperParameters ProgressBoard Module DataModule Trainer Classifier"
        " SyntheticRegressionData SGD LinearRegressionScratch LinearRegression SoftmaxRegression"
        " get_dataloader_workers get_fashion_mnist_labels evaluate_accuracy evaluate_accuracy_gpu"
        " train_epoch_ch3 train_ch3 predict_ch3 train_ch6 seq_data_iter_random"
        " seq_data_iter_sequential train_epoch_ch8 train_ch8 predict_ch8 train_ch11"
        " train_concise_ch11 grad_clipping rbfkernel"
        # networks
        " corr2d init_cnn LeNet Residual ResNeXtBlock resnet18"
        " tokenize count_corpus Vocab truncate_pad sequence_mask MaskedSoftmaxCELoss bleu"
        " RNNScratch RNNLMScratch RNN RNNLM GRU RNNModelScratch RNNModel Encoder Decoder"
        " EncoderDecoder init_seq2seq Seq2SeqEncoder Seq2Seq"
        " masked_softmax DotProductAttention AdditiveAttention AttentionDecoder transpose_qkv"
        " transpose_output MultiHeadAttention PositionalEncoding PositionWiseFFN AddNorm"
        " TransformerEncoderBlock EncoderBlock TransformerEncoder"
    ),
}

ATTRIBUTES: dict[str, set[str]] = {
    "of the book": these(
        "get_w_b times start stop avg cumsum tik reset waiting lines hparams save_hyperparameters"
        " draw redraw display board trainer net loss plot epoch optim model gpus training_step"
        " validation_step configure_optimizers get_dataloader train_dataloader val_dataloader"
        " get_tensorloader fit fit_epoch prepare_data prepare_model prepare_batch max_epochs"
        " num_train_batches num_val_batches train_batch_idx val_batch_idx gradient_clip_val"
        " plot_train_per_epoch plot_valid_per_epoch num_train num_val num_inputs sigma w b lr X y"
        " noise xlabel ylabel xlim ylim xscale yscale ls colors params"
    ),
    "of its later chapters": these(
        "apply_init clip_gradients accuracy layer_summary num_outputs num_classes fig config_axes Y"
        " fmts timer description conv1 conv2 conv3 conv4 bn1 bn2 bn3 bn4 use_1x1conv"
        " token_freqs idx_to_token token_to_idx to_tokens unk W_xh W_hh b_h num_hiddens rnn"
        " vocab_size W_hq b_q init_params one_hot output_layer predict linear begin_state"
        " forward_fn num_directions encoder decoder init_state predict_step embedding tgt_pad"
        " dropout attention_weights W_q W_k W_v W_o w_v attention transpose_qkv transpose_output P"
        " dense1 dense2 relu ln addnorm1 addnorm2 ffn pos_encoding blks root num_workers batch_size"
    ),
}

KEYWORDS = these(
    "X_shape num_outputs num_classes averaged use_1x1conv strides num_channels bot_mul lr"
    " xlabel ylabel legend xlim ylim xscale yscale fmts nrows ncols figsize axes titles cmap"
    " xytext steps f_grad num_hiddens num_heads key_size query_size value_size ffn_num_hiddens"
    " ffn_num_outputs norm_shape normalized_shape ffn_num_input num_layers num_blks use_bias"
    " max_len valid_lens token min_freq reserved_tokens num_epochs hyperparams feature_dim states"
    " save_attention_weights prefix num_preds vocab rnn_layer vocab_size embed_size tgt_pad"
    " max_epochs num_gpus gradient_clip_val inputs init every_n use_random_iter ls"
)
KEPT_OUT_KEYWORDS = these("")
FURTHER_TAKEN = these("")
