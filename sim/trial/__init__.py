"""The prediction on trial: treatments, ablation, verdict, falsification, rivals, sensitivity, forecasts, scores."""
