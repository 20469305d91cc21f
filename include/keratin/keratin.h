/* keratin.h - everything: one include for a program. */
#ifndef KERATIN_KERATIN_H
#define KERATIN_KERATIN_H

#include "keratin/bench.h"
#include "keratin/catalog.h"
#include "keratin/data.h"
#include "keratin/doctor.h"
#include "keratin/error.h"
#include "keratin/io.h"
#include "keratin/layers.h"
#include "keratin/model.h"
#include "keratin/register.h"
#include "keratin/tensor.h"

#endif
