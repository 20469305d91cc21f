/* op_order.h - sorting with equals, random numbers.
 * Written by tests/goldens/ops.py with Keras 3.15.1 and TensorFlow
 * 2.21.0; do not edit. */
static const float sorted_up[] = {
    0.0F, 1.0F, 1.0F, 2.0F, 3.0F, 3.0F,
};
static const int32_t order_up[] = {
    5, 1, 3, 2, 0, 4,
};
static const float sorted_down[] = {
    3.0F, 3.0F, 2.0F, 1.0F, 1.0F, 0.0F,
};
static const int32_t order_down[] = {
    0, 4, 2, 1, 3, 5,
};
static const float uniform[] = {
    1.69297457F, 0.624518871F, -0.52098763F, 1.49082661F, -0.0146634579F, 2.1193924F, 1.46079063F,
};
static const float normal[] = {
    0.939342916F, 0.615521669F, 0.260620177F, 0.750301957F, 0.392333627F, 1.30424714F, 1.37192845F,
};
static const float truncated[] = {
    -0.242628291F, -1.53791332F, -2.95751929F, -0.998792231F, -1.25565255F, 1.94349849F, 2.8069973F,
};
