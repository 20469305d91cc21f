/* isa_base.c - the loops of this folder for any processor: vectors of four, which compilers turn
 * into what there is. */
#include "backend/cpu/isa.inc"

KT_ISA_TABLE(base);
