// How the points of a channel are cut into parts, and which statistics they belong to.
#ifndef CK_CHANNELS_PARTS_H
#define CK_CHANNELS_PARTS_H

enum {
  /// Sums side by side, whatever the width of a vector.
  CHANNEL_LANES = 16,
  /// Numbers that a lane adds up before they enter a sum in twice the precision.
  CHANNEL_CHAIN = 16,
  /// What is known of a part: two sums, and the number that distances were taken from.
  CHANNEL_SUMS = 3,
  /// What is kept of statistics: centre, scale, shift, mean and variance.
  CHANNEL_KEPT = 5,
  /// What a gradient is made with: factors of the incoming one and of the distance from the centre, what is added, and
  /// the centre.
  CHANNEL_SLOPES = 4,
};

/// Which operands a map reads; a constant.
typedef enum channel_affine {
  CHANNEL_FORWARD,
  /// The gradient where the statistics depend on x, and where they are given.
  CHANNEL_BACKWARD,
  CHANNEL_BACKWARD_GIVEN,
} channel_affine;

/// Which of the three kernels of local response norm.
typedef enum response_kernel {
  RESPONSE_FORWARD,
  RESPONSE_SHARES,
  RESPONSE_BACKWARD,
} response_kernel;

typedef struct channel_space {
  int64_t images, channels, positions;
  /// 0 where statistics are those of a channel over all images.
  int64_t groups;
  int64_t part_images, part_positions;
  /// Parts that an image is cut into, and all parts.
  int64_t image_parts, parts;
} channel_space;

CK_INLINE channel_space channel_space_of(const ck_launch *launch) {
  channel_space space = {
      .images = launch->shape[0],
      .channels = launch->shape[1],
      .positions = launch->shape[2],
      .groups = launch->attributes.integers[0],
      .part_images = launch->attributes.integers[1],
      .part_positions = launch->attributes.integers[2],
  };
  space.image_parts = (space.positions + space.part_positions - 1) / space.part_positions;
  space.parts = (space.images + space.part_images - 1) / space.part_images * space.image_parts;
  return space;
}

typedef struct channel_part {
  int64_t image, images, position, positions;
} channel_part;

CK_INLINE channel_part channel_part_at(const channel_space *space, int64_t part) {
  int64_t image = part / space->image_parts * space->part_images;
  int64_t position = part % space->image_parts * space->part_positions;
  int64_t images = space->images - image, positions = space->positions - position;
  return (channel_part){
      .image = image,
      .images = images < space->part_images ? images : space->part_images,
      .position = position,
      .positions = positions < space->part_positions ? positions : space->part_positions,
  };
}

/// Whose statistics a channel of an image has.
CK_INLINE int64_t channel_owner(const channel_space *space, int64_t image, int64_t channel) {
  return space->groups == 0 ? channel : image * space->groups + channel / (space->channels / space->groups);
}

/// The parts and channels that statistics are those of.
typedef struct channel_members {
  int64_t first_part, last_part, first_channel, last_channel;
  /// The number of points.
  double count;
} channel_members;

CK_INLINE channel_members channel_members_of(const channel_space *space, int64_t owner) {
  if (space->groups == 0) {
    return (channel_members){0, space->parts, owner, owner + 1, (double)(space->images * space->positions)};
  }
  int64_t image = owner / space->groups, width = space->channels / space->groups;
  int64_t first = owner % space->groups * width;
  return (channel_members){
      image * space->image_parts,
      (image + 1) * space->image_parts,
      first,
      first + width,
      (double)(width * space->positions),
  };
}

/// The channels of one part that the items from `begin` on, up to `end`, begin with.
typedef struct channel_run {
  int64_t part, first, last;
} channel_run;

CK_INLINE channel_run channel_run_at(const channel_space *space, int64_t begin, int64_t end) {
  int64_t part = begin / space->channels, first = begin - part * space->channels;
  int64_t last = first + (end - begin);
  return (channel_run){part, first, last < space->channels ? last : space->channels};
}

#endif
