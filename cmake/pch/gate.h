#pragma once
// The standard headers and the gate's, which change seldom and concern all of their users when they do: compiled once.
#include "base/text.h"
#include "gate/gate.h"
#include "model/arn.h"
#include "standard.h"
#include "store/directory.h"
