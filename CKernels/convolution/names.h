// Names of what is compiled once for each type of elements.
#ifndef CK_CONVOLUTION_NAMES_H
#define CK_CONVOLUTION_NAMES_H

#define convolution_scratch CK_OF_DTYPE(convolution_scratch)
#define convolution_take_scratch CK_OF_DTYPE(convolution_take_scratch)
#define convolution_clear CK_OF_DTYPE(convolution_clear)
#define convolution_copy CK_OF_DTYPE(convolution_copy)
#define convolution_copy_part CK_OF_DTYPE(convolution_copy_part)
#define convolution_pack_rows CK_OF_DTYPE(convolution_pack_rows)
#define convolution_turn CK_OF_DTYPE(convolution_turn)
#define convolution_pack_lines CK_OF_DTYPE(convolution_pack_lines)
#define convolution_finish CK_OF_DTYPE(convolution_finish)
#define convolution_finish_row CK_OF_DTYPE(convolution_finish_row)
#define convolution_store_rows CK_OF_DTYPE(convolution_store_rows)
#define convolution_store_lines CK_OF_DTYPE(convolution_store_lines)
#define convolution_block CK_OF_DTYPE(convolution_block)
#define convolution_compute CK_OF_DTYPE(convolution_compute)
#define convolution_gather_run CK_OF_DTYPE(convolution_gather_run)
#define convolution_pack_columns CK_OF_DTYPE(convolution_pack_columns)

#endif
